/** The program whose samples go through a perf buffer, and the CPU that this process calls it on. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { LoadedObject } from 'libbpf-ts';
import { perf } from '../bpf/perf.bpf.js';
import { getppid } from './getppid.js';

type Perf = LoadedObject<typeof perf.description>;
const target = { target_pid: process.pid, watched: BigInt(getppid) };

/** Attached to the calls of this process. */
export async function attached(rodata: object = {}): Promise<Perf> {
  const bpf = await perf.load({ rodata: { ...target, ...rodata } });
  await bpf.attach();
  return bpf;
}

/** Runs this process on some CPUs from now on; taskset is not ours. */
export function runOn(cpus: string): void {
  execFileSync('taskset', ['-a', '-p', '-c', cpus, String(process.pid)], { stdio: 'ignore' });
}

export const everywhere =
  /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
export const lastCpu = Number(everywhere.match(/\d+$/)?.[0]);

export function numbers(from: number, to: number): bigint[] {
  return Array.from({ length: to - from }, (_, index) => BigInt(from + index));
}
