/** exitsnoop: processes that end as they were told to, beside libbpf-tools. */
import { expect, it } from 'vitest';
import { Cgroup } from '../../support/cgroup.js';
import { beside, rowsOf, toolWith, Workload, wordsOf } from '../../support/tool-runs.js';

interface Row {
  readonly pid: number;
  readonly ppid: number;
  readonly comm: string;
  readonly end: string | number;
  readonly duration: number;
}

/** A child for each code, and for each of some signals; one of two threads, of which the first ends before. */
const work = `
def child(act):
    if (pid := os.fork()): return os.waitpid(pid, 0)
    act()
for code in range(100): child(lambda: os._exit(code))
for signal_ in (signal.SIGKILL, signal.SIGTERM, signal.SIGUSR1):
    def die():
        signal.signal(signal_, signal.SIG_DFL) if signal_ != signal.SIGKILL else None
        os.kill(os.getpid(), signal_)
    child(die)
child(lambda: (time.sleep(0.05), os._exit(0)))
`;
const ends = [...Array.from({ length: 100 }, (_, code) => code), 'SIGKILL', 'SIGTERM', 'SIGUSR1', 0];

it('exitsnoop shows each end once and right, none more, as exitsnoop of libbpf-tools does', async () => {
  await using cgroup = new Cgroup();
  await using workload = await Workload.start(work);
  workload.enter(cgroup);
  const { ours, theirs } = await beside(
    workload,
    ['exitsnoop', '--json', '--cgroup', cgroup.path],
    /PCOMM/,
    ['exitsnoop-libbpf', ...['-c', cgroup.path]],
    104,
  );
  const rows = rowsOf<Row>(ours);
  expect(rows.map(({ end }) => end)).toEqual(ends);
  expect(new Set(rows.map(({ ppid }) => ppid))).toEqual(new Set([workload.pid]));
  const slept = rows.at(-1)?.duration ?? 0;
  expect(slept).toBeGreaterThan(50e6);
  expect(slept).toBeLessThan(2e9);
  const pids = theirs.stdout.split('\n').flatMap(line => / (\d+) +(\d+) +\d+ +\d/.exec(line)?.[1] ?? []);
  expect(pids.map(Number)).toEqual(rows.map(({ pid }) => pid));
  expect(ours.stderr).toMatch(/104 rows; 0 lost/);
});

it('exitsnoop follows a command to its last orphan, and shows threads where it is asked to', async () => {
  const script = 'import threading; t = threading.Thread(target=lambda: None); t.start(); t.join()';
  const args = ['--', 'sh', '-c', `python3 -S -c '${script}'; (sleep 0.3; exit 7) & exit 3`];
  const plain = await toolWith('exitsnoop', '--json', '-n', 'python3', ...args);
  const threads = await toolWith('exitsnoop', '--json', '-T', '-n', 'python3', ...args);
  expect([plain.code, rowsOf(plain).length, rowsOf(threads).length]).toEqual([3, 1, 2]);
  const all = await toolWith('exitsnoop', '--json', '-x', '-n', 'sh', ...args);
  expect(rowsOf<Row>(all).map(({ end }) => end)).toEqual([3, 7]);
  expect(wordsOf(all)).toEqual([]);
});
