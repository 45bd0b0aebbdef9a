/** A security hook that denies a file of the test's own to the test's own process. In virtual machines only. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lsm } from '../../bpf/lsm.bpf.js';
import { fdInfo } from '../../support/descriptors.js';
import { linkContracts } from '../../support/link-contract.js';
import { need } from '../../support/need.js';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
const [secret, other] = [join(folder, 'secret'), join(folder, 'other')];
beforeAll(() => {
  for (const path of [secret, other]) writeFileSync(path, 'open');
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (path: string) => readFileSync(path, 'utf8');

function codeOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

describe('a security hook', () => {
  const linkContract = linkContracts();

  it('denies what it says, to whom it says, and its link keeps the contract', async context => {
    need(context, 'lsm');
    const target_inode = statSync(secret, { bigint: true }).ino;
    await using bpf = await lsm.load({ rodata: { target_pid: process.pid, target_inode } });
    expect(read(secret)).toBe('open');
    const link = await bpf.programs.refuse.attach();
    expect(() => read(secret)).toThrow(expect.objectContaining({ code: 'EACCES', syscall: 'open' }));
    // At once: a file of another file system may have the same number, and what starts a process opens many.
    expect(bpf.globals.bss.denied).toBe(1);
    expect(read(other)).toBe('open');
    expect(execFileSync('cat', [secret], { encoding: 'utf8' })).toBe('open');
    const works = () => codeOf(() => read(secret)) === 'EACCES';
    const programId = fdInfo(bpf.programs.refuse.fd, 'prog_id');
    await linkContract({ link, type: 'tracing', programId, works });
    expect(read(secret)).toBe('open');
  });
});
