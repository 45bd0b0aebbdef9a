/** Killed at any system call of an adoption, a process leaves one version attached, or none: no event counts twice. */
import { readFileSync } from 'node:fs';
import { type Adoption, loadOrAdopt, openMap } from 'libbpf-ts';
import { expect, it } from 'vitest';
import { probe } from '../bpf/probe.bpf.js';
import { end } from '../support/adoption.js';
import { BpfFileSystem } from '../support/bpffs.js';
import { ended } from '../support/child.js';
import { callGetppid, watchGetppid } from '../support/getppid.js';
import { temporary } from '../support/temporary.js';

const object = new URL('../bpf/probe.bpf.o', import.meta.url).pathname;
const calls = ['bpf', 'unlink'] as const;

/** All on one thread, so that the calls have an order. */
const script = (folder: string) => `
  import { loadOrAdoptSync, openSync } from 'libbpf-ts';
  const globals = { rodata: { target_pid: ${process.pid}, watched: ${watchGetppid.rodata.watched}n } };
  loadOrAdoptSync(openSync(${JSON.stringify(object)}, globals), { folder: ${JSON.stringify(folder)} });
`;

/** A process that adopts the folder, under strace. */
function adopting(folder: string, ...options: readonly string[]) {
  const node = [process.execPath, '--input-type=module', '-e', script(folder)];
  return ended('strace', ['-f', '-e', `trace=${calls.join()}`, ...options, ...node]);
}

it('leaves at most one version attached', async () => {
  using files = new BpfFileSystem();
  const folder = `${files.path}/service`;
  const adopt = async () => end((await loadOrAdopt(await probe.open(watchGetppid), { folder })) as Adoption);
  await adopt();
  const log = temporary('strace.log');
  await adopting(folder, '-o', log);
  const made = readFileSync(log, 'utf8').split('\n');
  const times = (call: string) => made.filter(line => line.includes(` ${call}(`)).length;
  expect(made.at(-2)).toContain('exited with 0');

  const counted: Record<number, number> = {};
  for (const call of calls) {
    const first = Math.max(1, times(call) - 30); // before, the new version is not attached yet
    for (let at = first; at <= times(call); at++) {
      const { signal, stderr } = await adopting(
        folder,
        '-e',
        `inject=${call}:signal=SIGKILL:when=${at}`,
        '-o',
        log,
      );
      expect([at, signal], stderr).toEqual([at, 'SIGKILL']);
      const seen = await seenOf(folder, 10);
      counted[seen] = (counted[seen] ?? 0) + 1;
      if (seen === 0) await adopt();
    }
  }
  expect(Object.keys(counted).filter(seen => seen !== '10' && seen !== '0')).toEqual([]);
  expect(counted[10]).toBeGreaterThan(10);
  expect(counted[0] ?? 0).toBeLessThan(3);
}, 120_000);

/** How many of some calls were counted; by both versions, were both attached. */
async function seenOf(folder: string, count: number): Promise<number> {
  await using bss = await openMap(`${folder}/maps/_bss`);
  const read = () => Number((bss as unknown as { get(key: number): { seen: bigint } }).get(0).seen);
  const before = read();
  callGetppid(count);
  return read() - before;
}
