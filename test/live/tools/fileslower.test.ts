/** fileslower: all reads, writes and syncs of files of the test's own, and those of them that took long. */
import { mkdirSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { rowsOf, startTool, toolWith, Workload } from '../../support/tool-runs.js';

interface Row {
  readonly pid: number;
  readonly tid: number;
  readonly call: string;
  readonly bytes?: number;
  readonly error?: string;
  readonly path: string;
  readonly duration: number;
}

const folder = `/var/tmp/libbpf-ts-${process.pid}`;

/** Pipes are no files; the write of 64 MiB takes thousands of times as long as the others. */
const work = `
os.chdir('${folder}')
file = os.open('small', os.O_RDWR | os.O_CREAT); pipe = os.pipe(); null = os.open('/dev/null', os.O_RDWR)
for i in range(1, 21): os.write(file, b'x' * i); os.write(pipe[1], b'x' * i); os.read(pipe[0], 100)
for i in range(1, 11): os.pread(file, i, 0); os.pwrite(file, b'y' * 7, 3)
os.readv(file, [bytearray(5)]); os.preadv(file, [bytearray(4), bytearray(5)], 0); os.writev(null, [b'z'])
os.fsync(file); os.fdatasync(file)
for fd in (os.open('small', os.O_RDONLY), 1000):
    try: os.write(fd, b'refused')
    except OSError: pass
moved = os.open('${folder}/small', os.O_RDONLY); os.rename('small', 'large'); os.pread(moved, 3, 0)
os.pwrite(file, bytes(64 << 20), 0); os.unlink('large'); os.close(file)
`;

const small = `${folder}/small`;
const large = `${folder}/large`;
const expected = [
  ...Array.from({ length: 20 }, (_, i) => ['write', i + 1, undefined, small]),
  ...Array.from({ length: 10 }, (_, i) => [
    ['read', i + 1, undefined, small],
    ['write', 7, undefined, small],
  ]).flat(),
  ['read', 0, undefined, small],
  ['read', 9, undefined, small],
  ['sync', 0, undefined, small],
  ['sync', 0, undefined, small],
  ['write', undefined, 'EBADF', small],
  ['read', 3, undefined, large],
  ['write', 64 << 20, undefined, large],
];

it('shows each call of a regular file with its bytes, and no other', async () => {
  mkdirSync(folder);
  try {
    await using workload = await Workload.start(work);
    const args = ['-p', `${workload.pid}`, '--json'];
    const [all, slow] = await Promise.all([
      startTool('fileslower', '-m', '0', ...args),
      startTool('fileslower', '-m', '1', ...args),
    ]);
    await workload.work();
    await Promise.all([all.stop(), slow.stop()]);
    const rows = rowsOf<Row>(all);
    expect(rows.map(({ call, bytes, error, path }) => [call, bytes, error, path])).toEqual(expected);
    for (const { pid, tid, duration } of rows)
      expect([pid, tid, duration > 0]).toEqual([workload.pid, workload.pid, true]);
    expect(all.stderr).toMatch(new RegExp(`^${expected.length} rows; 0 lost$`, 'm'));
    const slowRows = rowsOf<Row>(slow);
    expect(slowRows.every(({ duration }) => duration >= 1_000_000)).toBe(true);
    expect(slowRows.at(-1)).toMatchObject({ call: 'write', bytes: 64 << 20, path: large });
    expect(slowRows.length).toBeLessThan(rows.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('refuses a time that is none', async () => {
  const { code, stderr } = await toolWith('fileslower', '-m', 'long');
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining('--minimum takes a whole number from 0 up, not long'),
  ]);
});
