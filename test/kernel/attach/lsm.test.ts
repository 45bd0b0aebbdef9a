/** A security hook that denies a file of the test's own to the test's own process. In virtual machines only. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lsm } from '../../bpf/lsm.bpf.js';
import { need } from '../../support/need.js';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
const [secret, other] = [join(folder, 'secret'), join(folder, 'other')];
beforeAll(() => {
  for (const path of [secret, other]) writeFileSync(path, 'open');
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (path: string) => readFileSync(path, 'utf8');

describe('a security hook', () => {
  it('denies what it says, to whom it says, until it is detached', async context => {
    need(context, 'lsm');
    const target_inode = statSync(secret, { bigint: true }).ino;
    await using bpf = await lsm.load({ rodata: { target_pid: process.pid, target_inode } });
    expect(read(secret)).toBe('open');
    const link = await bpf.programs.refuse.attach();
    expect(() => read(secret)).toThrow(expect.objectContaining({ code: 'EACCES', syscall: 'open' }));
    expect(read(other)).toBe('open');
    expect(execFileSync('cat', [secret], { encoding: 'utf8' })).toBe('open');
    expect(bpf.globals.bss.denied).toBe(1);
    await link.detach();
    expect(read(secret)).toBe('open');
  });
});
