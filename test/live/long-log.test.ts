/** The verifier's log where it is longer than the room that libbpf begins with: Debian's bpftool has the same one. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asm } from 'libbpf-ts/asm';
import { expect, it } from 'vitest';
import { assembledObject } from '../../lib/asm/assembled-object.js';
import { BpfFileSystem } from '../support/bpffs.js';
import { ended } from '../support/child.js';
import { need } from '../support/need.js';
import { temporary } from '../support/temporary.js';

/** Rejected at its end, and every round of the loop before it is in the log. */
const insns = asm`
  r0 = 0
  r1 = 1
again:
  r1 += 3
  r1 ^= 5
  r1 += r0
  r1 ^= 7
  r0 += 1
  if r0 < 110000 goto again
  r0 = *(u64 *)(r10 +8)
  exit`;

interface Attempt {
  /** The room for the log of each `BPF_PROG_LOAD`, as strace decodes it. */
  readonly rooms: number[];
  readonly stdout: string;
  readonly stderr: string;
}

async function attempt(command: string, ...args: string[]): Promise<Attempt> {
  const calls = temporary('calls');
  const strace = ['-f', '-qqq', '-v', '-s', '0', '-e', 'trace=bpf', '-e', 'signal=none', '-o', calls];
  const { stdout, stderr } = await ended('strace', [...strace, command, ...args]);
  const loads = readFileSync(calls, 'utf8').match(/BPF_PROG_LOAD.*prog_name="long".*/g) ?? [];
  return { rooms: loads.map(call => Number(/log_size=(\d+)/.exec(call)?.[1])), stdout, stderr };
}

function digest(log: string): string {
  return createHash('sha256').update(log.trim()).digest('hex');
}

it('is read whole by one load more, which has the size that the kernel tells', async context => {
  need(context, 'verifier_log_size');
  using files = new BpfFileSystem();
  const path = temporary('long.bpf.o');
  writeFileSync(path, assembledObject({ long: { section: 'socket', insns } }, 'GPL'));
  const theirs = await attempt('bpftool', 'prog', 'load', path, join(files.path, 'long'));
  const [, log = ''] =
    /-- BEGIN PROG LOAD LOG --\n([\s\S]*?)-- END PROG LOAD LOG --/.exec(theirs.stderr) ?? [];
  expect(log.length).toBeGreaterThan(32 * 1024 * 1024);
  expect(theirs.rooms).toHaveLength(4);
  const script = `
    import { createHash } from 'node:crypto';
    import { load } from 'libbpf-ts';
    const { verifierLog } = await load(${JSON.stringify(path)}).catch(error => error);
    console.log(createHash('sha256').update(verifierLog.trim()).digest('hex'));`;
  const ours = await attempt(process.execPath, '--input-type=module', '-e', script);
  expect(ours.stdout.trim()).toBe(digest(log));
  const [first, second, third = 0] = ours.rooms;
  expect([first, second, ours.rooms.length]).toEqual([0, theirs.rooms[1], 3]);
  expect(third - log.length).toBeGreaterThan(0);
  expect(third - log.length).toBeLessThan(4);
});
