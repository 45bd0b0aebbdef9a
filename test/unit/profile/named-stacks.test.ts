/** Frames of the measurement itself, as kernel/trace and kernel/bpf call them in a stack, and those that only look like it. */
import { expect, it } from 'vitest';
import { nameStacks } from '../../../lib/profile/named-stacks.js';
import { onCpu } from '../../../lib/profile/stack-record.js';
import type { Symbolizer } from '../../../lib/symbols/index.js';

const names: Record<string, string> = {
  1: '__traceiter_sched_switch',
  2: 'bpf_check',
  3: '__schedule',
  4: 'do_syscall_64',
};

/** Knows the four addresses; an address that is returned to is looked up one byte before. */
const symbols = {
  symbolize: async (_: unknown, addresses: readonly bigint[]) =>
    addresses.map(address => {
      const name = names[`${address / 16n + (address % 16n === 0n ? 0n : 1n)}`];
      return { address, kind: 'kernel', name, module: '[kernel]' };
    }),
} as unknown as Symbolizer;

async function namesOf(state: number, ...kernel: number[]) {
  const addresses = kernel.map(number => BigInt(16 * number));
  const record = { id: 1n, pid: 1, comm: 'a', state, kernel: addresses, user: [] };
  return (await nameStacks(symbols, [record])).get(1n)?.map(({ name }) => name);
}

it('a switch has no frames of its probe', async () => {
  expect(await namesOf(1, 1, 3, 4)).toEqual(['__schedule', 'do_syscall_64']);
  expect(await namesOf(0, 3, 2, 4)).toEqual(['__schedule', 'bpf_check', 'do_syscall_64']);
});

it('a sample has all frames: BPF may be what ran', async () => {
  expect(await namesOf(onCpu, 2, 4)).toEqual(['bpf_check', 'do_syscall_64']);
});
