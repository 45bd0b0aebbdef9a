/** What is in the kernel, who holds it and what it takes, as bpftool and /proc tell it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createMap,
  type Link,
  type LoadedObject,
  openLink,
  openMap,
  openProgram,
  type ProgramInfo,
} from 'libbpf-ts';
import { map, u32 } from 'libbpf-ts/codec';
import { btfs, dumpProgram, holders, links, maps, type ProgramDump, pins, programs } from 'libbpf-ts/inspect';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspected } from '../bpf/inspected.bpf.js';
import { BpfFileSystem } from '../support/bpffs.js';
import { bpftool } from '../support/child.js';
import { fdInfo } from '../support/descriptors.js';
import { flagBits } from '../support/map-oracle.js';

let bpf: LoadedObject<typeof inspected.description>;
let own: ProgramInfo;
let link: Link;
const program = () => bpf.programs.count_calls_of_one_process;

beforeAll(async () => {
  bpf = await inspected.load({ rodata: { target_pid: process.pid } });
  link = await program().attach();
  own = program().info;
});
afterAll(() => bpf.close());

async function all<T>(found: AsyncIterable<T>): Promise<T[]> {
  const rows: T[] = [];
  for await (const row of found) rows.push(row);
  return rows;
}

/** The member of bpftool's list; it also names who holds what, where it was built to. */
function theirs(kind: string, id: number): Record<string, unknown> {
  const rows = bpftool(kind, 'list') as { readonly id: number }[];
  return { ...(rows.find(row => row.id === id) ?? expect.fail(`bpftool lists no ${kind} ${id}`)) };
}

describe('a program in the kernel', () => {
  it('is what bpftool lists, with its whole name', () => {
    expect(own.name).toBe('count_calls_of_one_process');
    const { loadedAt, mapIds } = own;
    const { loaded_at, map_ids, ...rest } = theirs('prog', own.id);
    expect(rest).toMatchObject({
      type: own.type,
      name: own.name,
      tag: own.tag,
      gpl_compatible: own.gplCompatible,
      uid: own.uid,
      bytes_xlated: own.xlatedSize,
      jited: own.jitedSize > 0,
      ...(own.jitedSize > 0 && { bytes_jited: own.jitedSize }),
      bytes_memlock: own.memory,
      btf_id: own.btfId,
    });
    expect([...mapIds].sort()).toEqual([...(map_ids as number[])].sort());
    expect(Math.abs(loadedAt.getTime() / 1000 - (loaded_at as number))).toBeLessThan(2);
  });

  it('is the same in the list of all, by its number, on this thread, and pinned', async () => {
    const { runs: _, runTime: __, ...fixed } = own;
    expect((await all(programs())).find(({ id }) => id === own.id)).toMatchObject(fixed);
    expect(program().info).toMatchObject(fixed);
    using folder = new BpfFileSystem();
    const path = join(folder.path, 'program');
    execFileSync('bpftool', ['prog', 'pin', 'id', `${own.id}`, path]);
    for (const place of [path, { id: own.id }, program(), { fd: program().fd, id: own.id }]) {
      await using opened = await openProgram(place);
      expect(opened.info).toMatchObject(fixed);
      expect([opened.name, opened.pinPath]).toEqual([own.name, place === path ? path : undefined]);
    }
    await bpf.maps.calls.pin(join(folder.path, 'map'));
    await link.pin(join(folder.path, 'link'));
    const pinned = (await all(pins(folder.path))).map(({ kind, id, path: file }) => `${file} ${kind} ${id}`);
    expect(pinned.sort()).toEqual([
      `${join(folder.path, 'link')} link ${link.info.id}`,
      `${join(folder.path, 'map')} map ${bpf.maps.calls.info.id}`,
      `${path} program ${own.id}`,
    ]);
    await expect(openMap(path)).rejects.toThrow(/EINVAL, what is pinned there is no map/);
    await expect(openLink(path)).rejects.toThrow(/EINVAL, what is pinned there is no link/);
    await expect(openMap({ fd: program().fd })).rejects.toThrow(/EINVAL, that descriptor is no map/);
    await expect(openProgram(join(folder.path, 'map'))).rejects.toThrow(/EINVAL.*is no program/);
    bpf.maps.calls.unpinSync();
    await link.unpin();
  });

  it('that is none is named', async () => {
    await expect(openProgram({ id: 2 ** 31 })).rejects.toThrow(/^open program 2147483648: ENOENT/);
    await expect(openProgram(bpf.maps.calls)).rejects.toThrow(/EINVAL, that descriptor is no program/);
    await expect(openProgram({ fd: -1 })).rejects.toThrow(/ERR_BPF_ARGUMENT/);
    await expect(openProgram({ fd: program().fd, id: own.id + 1 })).rejects.toThrow(/is program \d+ by now/);
    await expect(openProgram(program(), 'xdp')).rejects.toThrow(
      /it is a program of type raw_tracepoint; those of SEC\("xdp"\) are xdp/,
    );
  });
});

describe('a dump', () => {
  interface Row {
    readonly proto?: string;
    readonly src?: string;
    readonly line_num?: number;
    readonly line_col?: number;
    readonly disasm: string;
  }
  /** How spaces and ends are written is everybody's own choice. */
  const bare = (prototype = '') => prototype.replace(/[ ;]/g, '');

  /** The kernel's symbols are many: they are read once. */
  let dump: ProgramDump;
  beforeAll(async () => {
    dump = await dumpProgram({ id: own.id });
  });

  it('has the instructions, names and source lines of bpftool', () => {
    const { xlated, hidden, info } = dump;
    expect({ hidden, tag: info.tag }).toEqual({ hidden: [], tag: own.tag });
    const rows = bpftool('prog', 'dump', 'xlated', 'id', `${own.id}`, 'linum') as Row[];
    const ours = xlated.map(({ insn, text, function: { prototype } = {}, source }) => [
      `(${insn.code.toString(16).padStart(2, '0')}) ${text}`,
      bare(prototype),
      source?.text,
      source?.line || undefined,
      source?.column || undefined,
    ]);
    expect(ours).toEqual(rows.map(row => [row.disasm, bare(row.proto), row.src, row.line_num, row.line_col]));
    const used = xlated.flatMap(({ map }) => (map === undefined ? [] : [map]));
    expect(used).toContainEqual({ id: bpf.maps.calls.info.id, name: 'calls' });
  });

  it('has the machine code of each function, where the kernel has it', () => {
    const { jited } = dump;
    const symbols = readFileSync('/proc/kallsyms', 'utf8');
    expect(jited.map(({ name }) => name.replace(/^bpf_prog_\w{16}_/, ''))).toEqual([
      'count_calls_of_one_process',
      'remember',
    ]);
    for (const { name, address, code, lines } of jited) {
      expect(symbols).toMatch(new RegExp(`^${address.toString(16)} t ${name}\\t\\[bpf\\]$`, 'm'));
      expect(code.length).toBeGreaterThan(20);
      expect(lines.map(({ source }) => source.line)).toContain(name.endsWith('remember') ? 19 : 26);
      expect(lines.every(({ offset }) => offset < code.length)).toBe(true);
    }
    expect(jited.reduce((sum, { code }) => sum + code.length, 0)).toBeLessThanOrEqual(own.jitedSize);
  });
});

describe('maps, links and types in the kernel', () => {
  it('are what bpftool lists', async () => {
    const found = await all(maps());
    expect(own.mapIds.length).toBeGreaterThan(2);
    for (const mapId of own.mapIds) {
      const info = found.find(({ id }) => id === mapId) ?? expect.fail(`no map ${mapId}`);
      expect(theirs('map', mapId)).toMatchObject({
        type: info.kind,
        name: info.name,
        flags: flagBits(info.flags),
        bytes_key: info.keySize,
        bytes_value: info.valueSize,
        max_entries: info.maxEntries,
        bytes_memlock: info.memory,
        frozen: Number(info.frozen),
        ...(info.btfId !== 0 && { btf_id: info.btfId }),
      });
    }
    expect(found.find(({ id }) => id === bpf.maps.calls.info.id)).toEqual(bpf.maps.calls.info);
    const types = (await all(btfs())).find(({ id }) => id === own.btfId);
    expect(theirs('btf', own.btfId)).toMatchObject({ size: types?.size, prog_ids: [own.id] });
    const attached = (await all(links())).find(({ programId }) => programId === own.id);
    expect(attached).toEqual(link.info);
    expect(theirs('link', link.info.id)).toMatchObject({
      type: attached?.type,
      prog_id: own.id,
      tp_name: 'sys_enter',
    });
  });

  it('that come and go meanwhile do no harm', async () => {
    let over = false;
    const churn = (async () => {
      while (!over) await (await createMap(map('array', u32, u32), { maxEntries: 1 })).close();
    })();
    for (let turn = 0; turn < 20; turn++)
      expect((await all(maps())).some(({ id }) => id === bpf.maps.calls.info.id)).toBe(true);
    over = true;
    await churn;
  });
});

describe('who holds what', () => {
  it('is told by descriptor, as this process has them', async () => {
    await using again = await openLink({ id: link.info.id });
    const { holdings } = await holders();
    const ours = holdings.filter(({ pid }) => pid === process.pid);
    const held = (kind: string, fd: number, field: string) =>
      expect(ours).toContainEqual(expect.objectContaining({ kind, fd, id: fdInfo(fd, field) }));
    held('program', program().fd, 'prog_id');
    held('map', bpf.maps.calls.fd, 'map_id');
    held('link', link.fd, 'link_id');
    held('link', again.fd, 'link_id');
    expect(ours.every(({ comm }) => comm === readFileSync('/proc/self/comm', 'utf8').trim())).toBe(true);
  });
});
