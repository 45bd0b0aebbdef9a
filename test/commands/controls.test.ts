/** What may be changed about an object before it is loaded, and objects that are linked into one. */
import { readFileSync } from 'node:fs';
import { linkObjects, open } from 'libbpf-ts';
import { beforeAll, describe, expect, it } from 'vitest';
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
    await using opened = await open(linked, { globals, kconfig });
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
    const opened = await open(linked, { globals, kconfig: '' });
    await expect(opened.load()).rejects.toThrow(/CONFIG_OF_NO_KERNEL/);
  });

  it('has a program of another type', async () => {
    const opened = await open(linked, { globals, kconfig });
    const { sized } = opened.programs;
    expect(() => sized?.setType('nothing' as 'xdp')).toThrow(
      /ERR_BPF_ARGUMENT, there is no such type; .*xdp/,
    );
    expect(() => sized?.setType('xdp', 'nowhere')).toThrow(/EINVAL/);
    sized?.setType('cgroup_skb', 'cgroup_skb/egress');
    await using bpf = await opened.load();
    expect(shown(bpf.programs.sized)).toMatchObject({ type: 'cgroup_skb', name: 'sized' });
    expect(() => sized?.setType('xdp')).toThrow(expect.objectContaining({ code: 'EBUSY' }));
  });
});
