/** How often programs run and what they take, counted by the kernel. */
import type { LoadedObject } from 'libbpf-ts';
import { enableStats, programUsage } from 'libbpf-ts/inspect';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspected } from '../bpf/inspected.bpf.js';
import { descriptors } from '../support/descriptors.js';
import { callGetppid } from '../support/getppid.js';

let bpf: LoadedObject<typeof inspected.description>;
const program = () => bpf.programs.count_calls_of_one_process;

beforeAll(async () => {
  bpf = await inspected.load({ rodata: { target_pid: process.pid } });
  await program().attach();
});
afterAll(() => bpf.close());

describe('what programs take', () => {
  it('is counted while somebody wants it, and no longer', async () => {
    const counting = () => descriptors().filter(target => target.includes('bpf-stats')).length;
    const before = counting();
    const stats = await enableStats();
    expect(counting()).toBe(before + 1);
    const { runs, runTime } = program().info;
    callGetppid(100);
    const after = program().info;
    expect(Number(after.runs - runs)).toBeGreaterThanOrEqual(100);
    expect(after.runTime).toBeGreaterThan(runTime);
    await stats.close();
    stats.closeSync();
    expect(counting()).toBe(before);
  });

  it('is measured in intervals, the busiest first', async () => {
    const own = program().info;
    for await (const rows of programUsage({ interval: 50 })) {
      const usage = rows.find(({ program: { id } }) => id === own.id) ?? expect.fail();
      expect(usage.runs).toBeGreaterThan(0n);
      expect(usage.cpu).toBeGreaterThan(0);
      expect(rows.map(({ cpu }) => cpu)).toEqual(rows.map(({ cpu }) => cpu).sort((a, b) => b - a));
      break;
    }
    await expect(programUsage({ interval: 0 }).next()).rejects.toThrow(/an interval is a number/);
  });
});
