/** runqlen: a CPU that is wanted by a known number of threads, beside libbpf-tools. */
import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { rowsOf, startOracle, startTool, toolWith, Workload } from '../../support/tool-runs.js';

interface Histogram {
  readonly cpu?: number;
  readonly unit: string;
  readonly buckets: readonly { readonly from: number; readonly to: number; readonly count: string }[];
}

const cpu = availableParallelism() - 1;
/** Five processes that do not wait, on one CPU. */
const work = `
children = []
for _ in range(5):
    if (pid := os.fork()) == 0:
        os.sched_setaffinity(0, {${cpu}})
        while os.getppid() != 1: pass
        os._exit(0)
    children.append(pid)
time.sleep(0.2); print('busy', flush=True); sys.stdin.readline()
for pid in children: os.kill(pid, signal.SIGKILL); os.waitpid(pid, 0)
`;

it('runqlen shows at each look those that wait, as runqlen of libbpf-tools does', async () => {
  await using workload = await Workload.start(work);
  workload.child.stdin.write('\n');
  await workload.says(/busy/);
  const [tool, occupied, other] = await Promise.all([
    startTool('runqlen', '--json', '-C', '--cpu', `${cpu}`, '-d', '1.5'),
    startTool('runqlen', '--json', '-O', '--cpu', `${cpu}`, '-d', '1.5'),
    startOracle(/Sampling/, 'runqlen-libbpf', '-C', '-H', '1', '1'),
  ]);
  await Promise.all([tool.ended, occupied.ended, other.ended]);
  await workload.work();
  const [row, ...rest] = rowsOf<Histogram>(tool);
  expect(rest).toEqual([]);
  expect(row).toMatchObject({ cpu, unit: 'threads' });
  const seen = (row?.buckets ?? []).filter(({ count }) => Number(count) > 0);
  const looks = seen.reduce((sum, { count }) => sum + Number(count), 0);
  expect(looks).toBeGreaterThan(20);
  // The machine may have more to do, never less.
  expect(seen.filter(({ from }) => from < 4)).toEqual([]);
  expect(row?.buckets.every(({ from, to }, length) => from === length && to === length)).toBe(true);
  const [share] = rowsOf<{ looks: number; waiting: number }>(occupied);
  expect(share?.waiting).toBe(share?.looks);
  const [, theirs = ''] = other.stdout.split(`cpu = ${cpu}`);
  const lengths = Array.from(theirs.matchAll(/^\s*(\d+) +: (\d+)/gm), ([, length, count]) => [
    Number(length),
    Number(count),
  ]);
  const longest = lengths.filter(([, count = 0]) => count > 0).map(([length = 0]) => length);
  expect(Math.min(...longest)).toBeGreaterThanOrEqual(4);
});

it('runqlen refuses filters, with the reason, and a CPU that is not there', async () => {
  const { code, stderr } = await toolWith('runqlen', '-p', '1');
  expect([code, stderr]).toEqual([2, expect.stringContaining('--pid cannot be honoured: a queue is a CPU')]);
  const gone = await toolWith('runqlen', '--cpu', '4095', '-d', '0.1');
  expect(gone.code).toBe(1);
  expect(gone.stderr).toMatch(/4095/);
});
