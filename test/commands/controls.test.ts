/** What may be changed about an object before it is loaded, and objects that are linked into one. */
import { readFileSync } from 'node:fs';
import { createMapSync, open } from 'libbpf-ts';
import { linkObjects } from 'libbpf-ts/build';
import { map, u32, u64 } from 'libbpf-ts/codec';
import { beforeAll, describe, expect, it } from 'vitest';
import { settings } from '../bpf/settings.bpf.js';
import { bpftool } from '../support/child.js';
import { fdInfo } from '../support/descriptors.js';
import { callGetppid, watchGetppid } from '../support/getppid.js';

const half = (name: string) => readFileSync(new URL(`../bpf/${name}.bpf.o`, import.meta.url));
const globals = watchGetppid as { rodata: Record<string, unknown> };
const kconfig = 'CONFIG_OF_NO_KERNEL=42\n';
let linked: Uint8Array;

beforeAll(async () => {
  linked = await linkObjects([half('linked'), half('linked_part')]);
});

/** What bpftool tells of a program. */
function shown({ fd }: { readonly fd: number } = { fd: -1 }) {
  return bpftool('prog', 'show', 'id', String(fdInfo(fd, 'prog_id')));
}

describe('objects', () => {
  it('are linked into one, with one map and one function for both', async () => {
    await using opened = await open(linked, globals, { kconfig });
    expect(Object.keys(opened.programs).sort()).toEqual(['counted', 'sized', 'untouched']);
    await using bpf = await opened.load();
    const { counted, untouched } = bpf.programs;
    const map = fdInfo((bpf.maps.shared as { fd: number }).fd, 'map_id');
    for (const program of [counted, untouched])
      expect(shown(program)).toMatchObject({ map_ids: expect.arrayContaining([map]) });
    await counted?.attach();
    callGetppid(3);
    const shared = bpf.maps.shared as unknown as { get(index: number): bigint };
    expect(shared.get(0)).toBe(21n);
    expect(bpf.globals.bss).toMatchObject({ option: 42n });
  });

  it('that do not go together say why', async () => {
    await expect(linkObjects([half('linked_part'), half('linked_part')])).rejects.toMatchObject({
      log: expect.stringContaining('weight'),
    });
    await expect(linkObjects([])).rejects.toMatchObject({ code: 'EINVAL' });
  });
});

describe('an opened object', () => {
  it('is refused an option that nobody sets', async () => {
    const opened = await open(linked, globals, { kconfig: '' });
    await expect(opened.load()).rejects.toThrow(/CONFIG_OF_NO_KERNEL/);
  });

  it('has a program of another type', async () => {
    const opened = await open(linked, globals, { kconfig });
    const { sized } = opened.programs;
    expect(() => sized?.setType('nothing' as 'xdp')).toThrow(
      /ERR_BPF_ARGUMENT, there is no such type; .*xdp/,
    );
    sized?.setType('cgroup_skb');
    await using bpf = await opened.load();
    expect(shown(bpf.programs.sized)).toMatchObject({ type: 'cgroup_skb', name: 'sized' });
    expect(() => sized?.setType('xdp')).toThrow(expect.objectContaining({ code: 'ERR_BPF_PHASE' }));
  });
});

describe('maps before load', () => {
  const inner = () => createMapSync(map('array', u32, u64), { maxEntries: 3 });

  it('of maps have a template', async () => {
    await expect(settings.load()).rejects.toThrow(/outer.*EINVAL|EINVAL.*outer/);
    using template = inner();
    const opened = await settings.open();
    opened.maps.outer.setTemplate(template);
    await using bpf = await opened.load();
    using like = inner();
    bpf.maps.outer.set(0, like);
    const [{ value }] = bpftool('map', 'dump', 'id', String(fdInfo(bpf.maps.outer.fd, 'map_id'))) as [
      { value: string[] },
    ];
    expect(Buffer.from(value.map(Number)).readUInt32LE()).toBe(like.info.id);
  });

  it('are on the NUMA node, with the flags and of the kind that they are told', async () => {
    using template = inner();
    const opened = await settings.open();
    opened.maps.outer.setTemplate(template);
    opened.maps.table.setKind('lru_hash').maxEntries = 9;
    opened.maps.table.flags = ['numa_node'];
    opened.maps.table.numaNode = 0;
    await using bpf = await opened.load();
    const shown = bpftool('map', 'show', 'id', String(fdInfo(bpf.maps.table.fd, 'map_id')));
    expect(shown).toMatchObject({ type: 'lru_hash', max_entries: 9, flags: 4 });
    const nowhere = await settings.open();
    nowhere.maps.outer.setTemplate(template);
    nowhere.maps.table.flags = ['numa_node'];
    nowhere.maps.table.numaNode = 1023;
    await expect(nowhere.load()).rejects.toMatchObject({ code: 'EINVAL' });
  });

  it('are offloaded to no interface that cannot', async () => {
    using template = inner();
    const opened = await settings.open();
    opened.maps.outer.setTemplate(template);
    opened.maps.table.setInterface(1);
    await expect(opened.load()).rejects.toThrow(/table/);
  });
});
