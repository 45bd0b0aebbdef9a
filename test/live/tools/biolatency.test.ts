/** biolatency: as many requests as were made, in the buckets of libbpf-tools. */
import { expect, it } from 'vitest';
import { diskRequests, diskWork, LoopDisk } from '../../support/loop-disk.js';
import { bucketsOf, expectAlike, linesOf, totalOf } from '../../support/tool-histograms.js';
import { beside, rowsOf, startTool, toolWith, Workload } from '../../support/tool-runs.js';

interface Histogram {
  readonly disk?: string;
  readonly operation?: string;
  readonly unit: string;
  readonly buckets: readonly { readonly from: string; readonly count: string }[];
}

it('biolatency counts each request once, in the buckets of biolatency of libbpf-tools', async () => {
  using disk = new LoopDisk();
  await using workload = await Workload.start(diskWork(disk));
  const { ours, theirs } = await beside(workload, ['biolatency', '--json', '--disk', disk.name], /Tracing/, [
    'biolatency-libbpf',
    ...['-d', disk.name],
  ]);
  // The flush too, which is a thread of the kernel's.
  expect(totalOf(bucketsOf(ours))).toBe(diskRequests.length + 1);
  expect(totalOf(linesOf(theirs))).toBe(diskRequests.length + 1);
  expectAlike(bucketsOf(ours), linesOf(theirs));
});

it('biolatency tells disks and operations apart, and counts the wait in the queue', async () => {
  using disk = new LoopDisk('mq-deadline');
  await using workload = await Workload.start(diskWork(disk));
  const args = ['biolatency', '--json', '--disk', disk.name, '-p', `${workload.pid}`];
  const tools = await Promise.all([startTool(...args, '-D', '-F'), startTool(...args, '-Q', '-m')]);
  await workload.work();
  for (const tool of tools) await tool.stop();
  const [apart = [], queued = []] = tools.map(tool => rowsOf<Histogram>(tool));
  const counts = apart.map(({ disk: name, operation, buckets }) => [
    ...[name, operation],
    buckets.reduce((sum, { count }) => sum + Number(count), 0),
  ]);
  expect(counts.sort()).toEqual([
    [disk.name, 'discard sync', 1],
    [disk.name, 'read sync', 21],
    [disk.name, 'write sync', 40],
  ]);
  expect(queued).toMatchObject([{ unit: 'msecs' }]);
  expect(queued[0]?.buckets.reduce((sum, { count }) => sum + Number(count), 0)).toBe(diskRequests.length);
});

it('biolatency follows a command', async () => {
  using disk = new LoopDisk();
  const program = `import os\nd = os.open('${disk.path}', os.O_RDONLY | os.O_DIRECT); os.preadv(d, [__import__('mmap').mmap(-1, 4096)], 0)`;
  const { stdout, code } = await toolWith(
    ...['biolatency', '--disk', disk.name],
    ...['--', 'python3', '-S', '-c', program],
  );
  expect([code, stdout.match(/: 1 /g)]).toEqual([0, [': 1 ']]);
});
