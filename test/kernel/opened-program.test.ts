/** Programs that are opened without their object: what bpftool has of them, and what they are good for. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openProgram, openProgramSync } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { BpfFileSystem } from '../support/bpffs.js';
import { bpftool } from '../support/child.js';
import { fdInfo } from '../support/descriptors.js';
import { frame, loaded } from '../support/runs.js';

describe('a program', () => {
  it('is pinned, opened from its file when its object is gone, and unpinned', async () => {
    using files = new BpfFileSystem();
    const path = join(files.path, 'program');
    const bpf = await loaded();
    const { guard } = bpf.programs;
    const id = fdInfo(guard.fd, 'prog_id');
    await guard.pin(path);
    expect(guard.pinPath).toBe(path);
    await expect(guard.pin(path)).rejects.toThrow(/^pin program guard to .*: EEXIST/);
    expect(() => guard.closeSync()).toThrow(/ERR_BPF_ARGUMENT, it belongs to object runs/);
    await bpf.close();
    expect(bpftool('prog', 'show', 'pinned', path)).toMatchObject({ id, name: 'guard' });
    await using again = await openProgram(path);
    expect([again.info.id, again.name, again.pinPath]).toEqual([id, 'guard', path]);
    await again.unpin();
    expect([existsSync(path), again.pinPath]).toEqual([false, undefined]);
    await expect(again.unpin()).rejects.toThrow(/not pinned by this handle/);
    again.pinSync(path);
    expect(existsSync(path)).toBe(true);
  });

  it('runs for a test as what it is said to be', async () => {
    await using bpf = await loaded();
    await using guard = await openProgram(bpf.programs.guard, 'xdp');
    const mine = await guard.testRun({ data: frame });
    expect([mine.retval, mine.data]).toEqual([2, frame.with(13, 0x5a)]);
    using nameless = openProgramSync({ id: guard.info.id });
    await expect(nameless.testRun({ data: frame })).rejects.toThrow(/say its section when it is opened/);
  });

  it('says what it cannot do without its object', async () => {
    await using bpf = await loaded();
    await using guard = await openProgram(bpf.programs.guard, 'xdp');
    expect(() => guard.insns()).toThrow(/dumpProgram\(\) reads them back/);
    expect(guard.type).toBe('xdp');
    guard.closeSync();
    for (const use of [() => guard.fd, () => guard.info, () => guard.pinSync('/x'), () => guard.type])
      expect(use).toThrow(/ERR_BPF_CLOSED, program guard is closed/);
  });
});
