/** cpudist: as many times as the kernel itself says, and in the buckets of libbpf-tools. */
import { expect, it } from 'vitest';
import { bucketsOf, expectAlike, expectCounted, linesOf, totalOf } from '../../support/tool-histograms.js';
import { beside, Workload } from '../../support/tool-runs.js';

/** Two on one CPU, which take turns: libbpf-tools count those times alone that ended because the other was due. */
const work = `
os.sched_setaffinity(0, {0})
def spin():
    end = time.monotonic() + 0.5
    while time.monotonic() < end: pass
if os.fork() == 0: spin(); os._exit(0)
spin(); os.wait()
`;

it('cpudist counts each once, in the buckets of cpudist of libbpf-tools', async () => {
  await using workload = await Workload.start(work);
  const args = ['-p', `${workload.pid}`];
  const { ours, theirs, switches } = await beside(workload, ['cpudist', '--json', ...args], /Tracing/, [
    'cpudist-libbpf',
    ...args,
  ]);
  expect(switches.preempted).toBeGreaterThan(20);
  expect(ours.stderr).toBe('tracing; Ctrl-C ends it\n');
  expectCounted(totalOf(bucketsOf(ours)), switches.waited + switches.preempted);
  // They leave out threads that had to leave when they were about to wait.
  expect(Math.abs(totalOf(linesOf(theirs)) - switches.preempted)).toBeLessThanOrEqual(
    2 + 0.1 * switches.preempted,
  );
  expectAlike(bucketsOf(ours), linesOf(theirs));
});

it('cpudist tells times off the CPU', async () => {
  await using workload = await Workload.start('for _ in range(100): time.sleep(0.005)');
  const args = ['-O', '-p', `${workload.pid}`];
  const { ours, theirs } = await beside(workload, ['cpudist', '--json', ...args], /Tracing/, [
    'cpudist-libbpf',
    ...args,
  ]);
  const counts = bucketsOf(ours);
  expect((counts['4096'] ?? 0) + (counts['8192'] ?? 0)).toBeGreaterThanOrEqual(90);
  expectAlike(counts, linesOf(theirs));
});
