/** biosnoop: requests that are known one by one to a disk of the test's own, beside bpftrace and the kernel's counts. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { diskRequests, diskWork, LoopDisk } from '../../support/loop-disk.js';
import { rowsOf, startOracle, startTool, toolWith, Workload } from '../../support/tool-runs.js';

interface Row {
  readonly pid: number;
  readonly comm: string;
  readonly operation: string;
  readonly sector?: string;
  readonly bytes: number;
  readonly flags: readonly string[];
  readonly duration: number;
  readonly queued: number;
  readonly error?: string;
}

/** Each request when it has ended, as MAJOR:MINOR SECTOR SECTORS KIND; of one disk, and none of the driver's own. */
const script = (minor: string) => `
BEGIN { printf("traces\\n"); }
tracepoint:block:block_rq_complete /args.dev == ${minor}/ {
  printf("%llu %d %s\\n", args.sector, args.nr_sector, args.rwbs);
}`;

it.each(['none', 'mq-deadline'] as const)(
  'biosnoop shows each request once and right, none more: scheduler %s',
  async scheduler => {
    using disk = new LoopDisk(scheduler);
    const number = `${execFileSync('cat', [`/sys/block/${disk.name}/dev`], { encoding: 'utf8' })}`.split(':');
    const dev = `${Number(number[0]) * 2 ** 20 + Number(number[1])}`;
    await using workload = await Workload.start(diskWork(disk));
    const args = ['biosnoop', '--json', '--disk', disk.name];
    const [own, all, other] = await Promise.all([
      startTool(...args, '-p', `${workload.pid}`),
      startTool(...args),
      startOracle(/traces/, 'bpftrace', '-e', script(dev)),
    ]);
    const before = disk.counts();
    await workload.work();
    const after = disk.counts();
    await Promise.all([own.stop(), all.stop(), other.stop()]);
    const rows = rowsOf<Row>(own);
    const seen = (list: readonly Row[]) =>
      list.map(({ operation, sector, bytes }) => [operation, sector && Number(sector), bytes]);
    expect(seen(rows)).toEqual(diskRequests);
    expect(new Set(rows.map(({ pid, error }) => `${pid} ${error}`))).toEqual(
      new Set([`${workload.pid} undefined`]),
    );
    for (const { flags, duration, queued } of rows)
      expect([flags, duration > 0, duration + queued < 15e9]).toEqual([['sync'], true, true]);
    expect(own.stderr).toMatch(new RegExp(`^${diskRequests.length} rows; 0 lost$`, 'm'));
    // The flush is a thread of the kernel's.
    const whole = rowsOf<Row>(all);
    expect(seen(whole)).toEqual([...diskRequests, ['flush', undefined, 0]]);
    expect(whole.at(-1)?.comm).toMatch(/^kworker/);
    // The kernel ends a flush twice, as what it is and as a write of nothing, and counts both.
    const theirs = other.stdout.split('\n').filter(line => /^\d/.test(line));
    expect(theirs.filter(line => !/ F|^0 0 /.test(line))).toEqual(
      diskRequests.map(([operation, sector, bytes]) => {
        const kind = { read: 'RS', write: 'WS', discard: 'DS' }[operation];
        return `${sector} ${bytes / 512} ${kind}`;
      }),
    );
    const counted = Object.entries(after).map(([name, count]) => [
      name,
      count - before[name as keyof typeof before],
    ]);
    const sectors = (wanted: string) =>
      whole.filter(({ operation }) => operation === wanted).reduce((sum, { bytes }) => sum + bytes / 512, 0);
    expect(Object.fromEntries(counted)).toEqual({
      ...{ reads: 21, readSectors: sectors('read'), writes: 41, writtenSectors: sectors('write') },
      ...{ discards: 1, flushes: 1 },
    });
  },
);

it('biosnoop shows what the kernel has merged as one, and follows a command', async () => {
  using disk = new LoopDisk('mq-deadline');
  const program = `import os\nd = os.open('${disk.path}', os.O_RDWR)\nos.write(d, b'x' * (1 << 22)); os.fsync(d)`;
  const before = disk.counts();
  const tool = await toolWith(
    'biosnoop',
    '--json',
    '--disk',
    disk.name,
    '--',
    'python3',
    '-S',
    '-c',
    program,
  );
  const after = disk.counts();
  const written = rowsOf<Row>(tool).filter(({ operation }) => operation === 'write');
  expect(written.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(1 << 22);
  expect(written).toHaveLength(after.writes - before.writes - (after.flushes - before.flushes));
  expect(written.length).toBeLessThan(1024);
});

it('biosnoop names the error of a request that failed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-full-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
  try {
    using disk = new LoopDisk('none', folder);
    await using workload = await Workload.start(`
disk = os.open('${disk.path}', os.O_RDWR | os.O_DIRECT); more = mmap.mmap(-1, 1 << 16)
os.pwritev(disk, [more], 0)
try: os.pwritev(disk, [more], 1 << 16)
except OSError as error: print(errno.errorcode[error.errno], flush=True)
`);
    const tool = await startTool('biosnoop', '--json', '--disk', disk.name, '-p', `${workload.pid}`);
    await workload.work();
    await tool.stop();
    const [, error] = /^(E\w+)$/m.exec(workload.stdout) ?? [];
    expect(error).toMatch(/^E(IO|NOSPC)$/);
    expect(rowsOf<Row>(tool)).toMatchObject([{ operation: 'write' }, { operation: 'write', error }]);
  } finally {
    execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  }
});

it('biosnoop leaves out what was quicker, and refuses what is no disk', async () => {
  using disk = new LoopDisk();
  const program = `import os\nd = os.open('${disk.path}', os.O_RDONLY | os.O_DIRECT); os.preadv(d, [__import__('mmap').mmap(-1, 4096)], 0)`;
  const args = ['biosnoop', '--json', '--disk', disk.name, '--', 'python3', '-S', '-c', program];
  expect(rowsOf(await toolWith(...args))).toHaveLength(1);
  expect(rowsOf(await toolWith(...args.toSpliced(1, 0, '-m', '60000')))).toEqual([]);
  const { code, stderr } = await toolWith('biosnoop', '--disk', 'nosuch');
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining('--disk takes the name of a disk, as sda, not nosuch'),
  ]);
});
