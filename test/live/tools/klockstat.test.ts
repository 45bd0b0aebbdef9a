/** klockstat: two threads that want the lock of one file, beside bpftrace. */
import { expect, it } from 'vitest';
import { mapsOf } from '../../support/bpftrace-maps.js';
import { rowsOf, startOracle, startTool, Workload } from '../../support/tool-runs.js';

interface Row {
  readonly caller: string;
  readonly lock: string;
  readonly count: number;
  readonly average: number;
  readonly longest: number;
  readonly duration: number;
}

/** A write holds the lock of its file for as long as it copies: rwsem_down_write_slowpath() is what the others do. */
const work = `
file = os.memfd_create('contended'); data = bytes(32 << 20)
def write():
    for _ in range(15): os.pwrite(file, data, 0)
threads = [threading.Thread(target=write) for _ in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
`;

it('counts each wait and its time as bpftrace does, and names the function that asked', async () => {
  await using workload = await Workload.start(work);
  const filter = `pid == ${workload.pid}`;
  const script = `
    tracepoint:lock:contention_begin /${filter} && !@since[tid, args.lock_addr]/ { @since[tid, args.lock_addr] = nsecs; }
    tracepoint:lock:contention_end /${filter} && @since[tid, args.lock_addr]/ {
      @time = sum(nsecs - @since[tid, args.lock_addr]); @count = count(); delete(@since, (tid, args.lock_addr));
    }
    END { clear(@since); }`;
  const [tool, oracle] = await Promise.all([
    startTool('klockstat', '--json', '-p', `${workload.pid}`),
    startOracle(/attached_probes/, 'bpftrace', '-f', 'json', '-e', script),
  ]);
  await workload.work();
  await Promise.all([tool.stop(), oracle.stop()]);
  const rows = rowsOf<Row>(tool);
  const sum = (of: (row: Row) => number) => rows.reduce((all, row) => all + of(row), 0);
  const { count = 0, time = 0 } = mapsOf(oracle);
  expect(count).toBeGreaterThan(5);
  expect(sum(row => row.count)).toBe(count);
  expect(Math.abs(sum(row => row.duration) / time - 1)).toBeLessThan(0.05);
  const writers = rows.find(({ caller, lock }) => lock === 'rwsem:W' && /write/.test(caller));
  expect(writers?.duration).toBeGreaterThan(0.8 * time);
  for (const row of rows) {
    expect(row.longest).toBeLessThanOrEqual(row.duration);
    expect(row.average).toBeCloseTo(row.duration / row.count);
  }
});
