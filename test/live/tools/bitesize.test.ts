/** bitesize: sizes that are known, and those of libbpf-tools. */
import { expect, it } from 'vitest';
import { diskWork, LoopDisk } from '../../support/loop-disk.js';
import { linesOf } from '../../support/tool-histograms.js';
import { beside, rowsOf, startTool, Workload } from '../../support/tool-runs.js';

interface Histogram {
  readonly comm: string;
  readonly disk?: string;
  readonly unit: string;
  readonly buckets: readonly { readonly from: string; readonly count: string }[];
}

it('bitesize counts each request by its size, as bitesize of libbpf-tools does', async () => {
  using disk = new LoopDisk();
  await using workload = await Workload.start(diskWork(disk));
  const whole = await startTool('bitesize', '--json', '-D', '--disk', disk.name, '-p', `${workload.pid}`);
  const { ours, theirs } = await beside(workload, ['bitesize', '--json', '--disk', disk.name], /Tracing/, [
    'bitesize-libbpf',
    ...['-d', disk.name],
  ]);
  await whole.stop();
  const filled = ({ buckets }: Histogram) =>
    Object.fromEntries(
      buckets.filter(({ count }) => Number(count) > 0).map(({ from, count }) => [from, Number(count)]),
    );
  const rows = rowsOf<Histogram>(ours).filter(({ comm }) => comm === 'python3');
  expect(rows.map(filled)).toEqual([{ 512: 1, 4096: 40, 65536: 20, 1048576: 1 }]);
  expect(rowsOf<Histogram>(whole)).toMatchObject([{ comm: 'python3', disk: disk.name, unit: 'bytes' }]);
  // Of the kernel's own thread: the flush.
  const flush = rowsOf<Histogram>(ours).filter(({ comm }) => comm !== 'python3');
  expect(flush.map(filled)).toEqual([{ 0: 1 }]);
  // Theirs are in KiB, where 0 and 512 bytes are one bucket.
  expect(linesOf(theirs)).toEqual({ 0: 2, 4: 40, 64: 20, 1024: 1 });
});
