/** biotop: requests and bytes of two processes, and what the kernel has counted of the disk. */
import { expect, it } from 'vitest';
import { diskWork, LoopDisk } from '../../support/loop-disk.js';
import { rowsOf, startTool, Workload } from '../../support/tool-runs.js';

interface Row {
  readonly pid: number;
  readonly comm: string;
  readonly disk: string;
  readonly operation: string;
  readonly requests: number;
  readonly bytes: number;
  readonly nanoseconds: number;
}

it('biotop adds up the requests of each process, the most bytes first, as the kernel counts them', async () => {
  using disk = new LoopDisk();
  await using first = await Workload.start(diskWork(disk));
  await using second = await Workload.start(`
disk = os.open('${disk.path}', os.O_RDWR | os.O_DIRECT); more = mmap.mmap(-1, 1 << 16)
for i in range(100): os.pwritev(disk, [more], i << 16)
`);
  const args = ['biotop', '--json', '--disk', disk.name];
  const [all, one, top, pieces] = await Promise.all([
    startTool(...args),
    startTool(...args, '-p', `${second.pid}`),
    startTool(...args, '-T', '1'),
    startTool(...args, '-i', '0.05'),
  ]);
  const before = disk.counts();
  await Promise.all([first.work(), second.work()]);
  const after = disk.counts();
  await Promise.all([all, one, top, pieces].map(tool => tool.stop()));
  const rows = rowsOf<Row>(all);
  const seen = rows.map(({ pid, operation, requests, bytes }) => [pid, operation, requests, bytes]);
  expect(seen.slice(0, -1)).toEqual([
    [second.pid, 'write', 100, 100 << 16],
    [first.pid, 'read', 21, (20 << 16) + 512],
    [first.pid, 'discard', 1, 1 << 20],
    [first.pid, 'write', 40, 40 << 12],
  ]);
  expect(rows.at(-1)).toMatchObject({ operation: 'flush', requests: 1, bytes: 0 });
  // The kernel counts a flush as a write of nothing too.
  expect([after.writes - before.writes, after.writtenSectors - before.writtenSectors]).toEqual([
    141,
    ((100 << 16) + (40 << 12)) / 512,
  ]);
  expect(new Set(rows.map(row => row.disk))).toEqual(new Set([disk.name]));
  expect(rows.every(({ nanoseconds, requests }) => nanoseconds > 100 * requests)).toBe(true);
  expect(rowsOf<Row>(one).map(({ pid, requests }) => [pid, requests])).toEqual([[second.pid, 100]]);
  expect(rowsOf<Row>(top)).toMatchObject([{ pid: second.pid, requests: 100 }]);
  expect(rowsOf<Row>(pieces).reduce((sum, { requests }) => sum + requests, 0)).toBe(163);
});
