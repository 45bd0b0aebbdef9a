/** The leak gate: a test file that leaves a BPF object, a BTF or a perf event open fails, and says which. */
import { readdirSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';

let before: string[] = [];

beforeAll(() => {
  before = openBpf();
});

afterAll(() => {
  const left = openBpf().filter(entry => !before.includes(entry));
  if (left.length > 0) throw new Error(`left open: ${left.join(', ')}`);
});

/** This process's BPF descriptors, as `21 anon_inode:bpf-map`. */
export function openBpf(): string[] {
  return readdirSync('/proc/self/fd')
    .map(fd => `${fd} ${targetOf(fd)}`)
    .filter(entry => /anon_inode:\[?(bpf|btf|perf_event)/.test(entry));
}

/** The folder's own descriptor is closed again by the time it is looked at. */
function targetOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return 'closed';
  }
}
