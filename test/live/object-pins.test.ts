/** Pins of a whole object: the files that libbpf makes, all of them or none. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { open, openMap, openProgram } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { undecided } from '../bpf/undecided.bpf.js';
import { BpfFileSystem } from '../support/bpffs.js';
import { ended } from '../support/child.js';
import { compile } from '../support/clang.js';

const object = new URL('../bpf/undecided.bpf.o', import.meta.url).pathname;

describe('pin() of an object', () => {
  it('makes the files that libbpf makes', async () => {
    using files = new BpfFileSystem();
    const theirs = [join(files.path, 'programs'), join(files.path, 'maps')] as const;
    const loaded = await ended('bpftool', ['prog', 'loadall', object, theirs[0], 'pinmaps', theirs[1]]);
    expect(loaded).toMatchObject({ code: 0 });
    await using bpf = await undecided.load();
    const ours = ['ours', 'our-maps', 'our-programs'].map(name => join(files.path, name));
    const [all = '', maps = '', programs = ''] = ours;
    await bpf.pin(all);
    bpf.pinSync(maps, { only: 'maps' });
    await bpf.pin(programs, { only: 'programs' });
    expect(readdirSync(programs).sort()).toEqual(readdirSync(theirs[0]).sort());
    expect(readdirSync(maps).sort()).toEqual(readdirSync(theirs[1]).sort());
    expect(readdirSync(all).sort()).toEqual([...readdirSync(programs), ...readdirSync(maps)].sort());
    using guarded = await openMap(join(all, 'guarded'));
    using program = await openProgram(join(all, 'adds_one'));
    expect([guarded.info.id, program.info.id]).toEqual([
      bpf.maps.guarded.info.id,
      bpf.programs.adds_one.info.id,
    ]);
  });

  it('is told of by each program and map, and taken back', async () => {
    using files = new BpfFileSystem();
    const folder = join(files.path, 'undecided');
    const opened = await undecided.open();
    opened.programs.adds_two.autoload = false;
    opened.maps.untyped.autocreate = false;
    await using bpf = await opened.load();
    await bpf.pin(folder);
    expect(readdirSync(folder).sort()).toEqual(['adds_one', 'guarded', 'reads_odd', 'undecide_bss']);
    expect(bpf.programs.adds_one.pinPath).toBe(join(folder, 'adds_one'));
    expect(bpf.maps.guarded.pinPath).toBe(join(folder, 'guarded'));
    await bpf.unpin(folder);
    expect(readdirSync(folder)).toEqual([]);
    expect([bpf.programs.adds_one.pinPath, bpf.maps.guarded.pinPath]).toEqual([undefined, undefined]);
    const argument = expect.objectContaining({ code: 'ERR_BPF_ARGUMENT' });
    await expect(bpf.unpin(folder)).rejects.toEqual(argument);
  });

  it('leaves nothing behind where one of them fails', async () => {
    using files = new BpfFileSystem();
    const folder = join(files.path, 'undecided');
    await using first = await undecided.load();
    await first.pin(folder, { only: 'programs' });
    await first.programs.adds_one.unpin();
    await using second = await undecided.load();
    await expect(second.pin(folder)).rejects.toThrow(
      `pin program adds_two to ${folder}/adds_two: EEXIST, file already exists (unpin it first, or open what is there)`,
    );
    expect(readdirSync(folder).sort()).toEqual(['adds_two', 'reads_odd']);
    expect(second.maps.guarded.pinPath).toBeUndefined();
  });

  it('is refused outside a BPF file system, and by what it cannot be', async () => {
    await using bpf = await undecided.load();
    await expect(bpf.pin('/tmp/never')).rejects.toThrow(/EINVAL, \/tmp\/never is in no BPF file system/);
    expect(existsSync('/tmp/never')).toBe(false);
    const argument = expect.objectContaining({ code: 'ERR_BPF_ARGUMENT' });
    await expect(bpf.pin(7 as never)).rejects.toEqual(argument);
    await expect(bpf.pin('/sys/fs/bpf/x', { only: 'links' as never })).rejects.toEqual(argument);
    await expect(bpf.pin('/sys/fs/bpf/x', { maps: true } as never)).rejects.toEqual(argument);
    using files = new BpfFileSystem();
    await expect(bpf.pin(join(files.path, 'no', 'folder'))).rejects.toThrow(
      /there is no folder .*\/no\/folder/,
    );
    await bpf.close();
    await expect(bpf.pin(files.path)).rejects.toMatchObject({ code: 'ERR_BPF_CLOSED' });
  });
});

describe('pinRootPath', () => {
  const { bytes } = compile(`
    struct { int (*type)[2]; int (*max_entries)[1]; int *key; long *value; int (*pinning)[1]; } kept
      __attribute__((section(".maps"), used));
    char LICENSE[] __attribute__((section("license"), used)) = "GPL";`);

  it('is where maps are pinned that ask for it by their name', async () => {
    using files = new BpfFileSystem();
    const pinRootPath = join(files.path, 'root');
    const load = async () => (await open(bytes, {}, { pinRootPath })).load();
    await using first = await load();
    expect(readdirSync(pinRootPath)).toEqual(['kept']);
    await using second = await load();
    expect(second.maps.kept?.info.id).toBe(first.maps.kept?.info.id);
    expect(second.maps.kept?.pinPath).toBe(join(pinRootPath, 'kept'));
  });
});
