/** runqlat: as many waits as the kernel itself says, and in the buckets of libbpf-tools. */
import { expect, it } from 'vitest';
import { bucketsOf, expectAlike, expectCounted, linesOf, totalOf } from '../../support/tool-histograms.js';
import { beside, Workload } from '../../support/tool-runs.js';

const work = `
for _ in range(150): time.sleep(0.002)
end = time.monotonic() + 0.2
while time.monotonic() < end: pass
`;

it('runqlat counts each once, in the buckets of runqlat of libbpf-tools', async () => {
  await using workload = await Workload.start(work);
  const args = ['-p', `${workload.pid}`];
  const { ours, theirs, switches } = await beside(workload, ['runqlat', '--json', ...args], /Tracing/, [
    'runqlat-libbpf',
    ...args,
  ]);
  const all = switches.waited + switches.preempted;
  expect(all).toBeGreaterThan(150);
  expect(ours.stderr).toBe('tracing; Ctrl-C ends it\n');
  expectCounted(totalOf(bucketsOf(ours)), all);
  // They leave out threads that had to leave when they were about to wait.
  expect(Math.abs(totalOf(linesOf(theirs)) - all)).toBeLessThanOrEqual(2 + 0.1 * all);
  expectAlike(bucketsOf(ours), linesOf(theirs));
});
