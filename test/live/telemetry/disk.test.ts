/** Telemetry of disks: what the kernel itself has counted of a disk of the test's own. */
import { observe, type TelemetryReading } from 'libbpf-ts/telemetry';
import { expect, it } from 'vitest';
import { Cgroup } from '../../support/cgroup.js';
import { diskWork, LoopDisk } from '../../support/loop-disk.js';
import { value } from '../../support/telemetry.js';
import { Workload } from '../../support/tool-runs.js';

/** Python around the work, that tells how long it took. */
function timed(work: string): string {
  return `began = time.monotonic()\n${work}\nprint('took', time.monotonic() - began, flush=True)`;
}

it.each(['process', 'cgroup'] as const)(
  'of a %s has the requests and bytes that the disk has counted',
  async scope => {
    using disk = new LoopDisk();
    await using cgroup = new Cgroup();
    await using workload = await Workload.start(timed(diskWork(disk)));
    workload.enter(cgroup);
    const of = scope === 'process' ? { pid: workload.pid } : { cgroup: cgroup.path };
    await using kernel = await observe({ of, collectors: ['disk'] });
    const before = disk.counts();
    await workload.work();
    const after = disk.counts();
    const reading = await kernel.read();
    const name = scope === 'process' ? 'process.disk.io' : 'kernel.disk.io';
    const told = (metric: string, direction: string) =>
      value(reading, metric, { 'system.device': disk.name, 'disk.io.direction': direction });
    expect(['read', 'write'].map(direction => told(name, direction))).toEqual([
      512 * (after.readSectors - before.readSectors),
      512 * (after.writtenSectors - before.writtenSectors),
    ]);
    const requests = ['read', 'write', 'discard'].map(direction =>
      told('kernel.disk.request.duration', direction),
    );
    expect(requests).toEqual([
      after.reads - before.reads,
      // The flush is one too, and of a thread of the kernel.
      after.writes - before.writes - (after.flushes - before.flushes),
      after.discards - before.discards,
    ]);
    expect(value(reading, 'kernel.file.sync.duration', { syscall: 'fsync' })).toBe(1);
    // One after the other: together they took no longer than the program.
    const took = Number(/took (\S+)/.exec(workload.stdout)?.[1]);
    expect(sumOf(reading)).toBeGreaterThan(0);
    expect(sumOf(reading)).toBeLessThan(took);
  },
);

function sumOf({ metrics }: TelemetryReading): number {
  return metrics
    .flatMap(metric =>
      metric.name === 'kernel.disk.request.duration' && metric.kind === 'histogram' ? metric.points : [],
    )
    .reduce((all, { sum }) => all + sum, 0);
}
