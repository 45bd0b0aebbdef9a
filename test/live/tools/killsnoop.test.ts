/** killsnoop: signals that were sent, beside libbpf-tools. */
import { expect, it } from 'vitest';
import { beside, rowsOf, startTool, toolWith, Workload } from '../../support/tool-runs.js';

interface Row {
  readonly tid: number;
  readonly signal: string;
  readonly target: number;
  readonly byDescriptor: boolean;
  readonly error?: string;
}

const work = `
signal.signal(signal.SIGUSR1, lambda *_: None)
def attempt(call, *args):
    try: call(*args)
    except OSError: pass
for _ in range(50): attempt(os.kill, os.getpid(), 0)
for _ in range(50): attempt(os.kill, 4194305, signal.SIGTERM)
attempt(os.kill, os.getpid(), signal.SIGUSR1); attempt(os.kill, -4194305, signal.SIGKILL)
signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
attempt(signal.pidfd_send_signal, os.pidfd_open(os.getpid()), signal.SIGUSR1)
attempt(os.kill, os.getpid(), 1000)
`;

it('killsnoop shows each signal once and right, none more, as killsnoop of libbpf-tools does', async () => {
  await using workload = await Workload.start(work);
  const { pid } = workload;
  const args = ['-p', `${pid}`];
  const { ours, theirs } = await beside(
    workload,
    ['killsnoop', '--json', ...args],
    /PID/,
    ['killsnoop-libbpf', '-k', ...args],
    103,
  );
  const rows = rowsOf<Row>(ours).map(({ signal, target, byDescriptor, error }) => [
    signal,
    byDescriptor ? 'fd' : target,
    error,
  ]);
  const usr1 = ['SIGUSR1', pid, undefined];
  expect(rows).toEqual([
    ...Array(50).fill(['0', pid, undefined]),
    ...Array(50).fill(['SIGTERM', 4194305, 'ESRCH']),
    usr1,
    ['SIGKILL', -4194305, 'ESRCH'],
    usr1,
    ['SIGUSR1', 'fd', undefined],
    ['1000', pid, 'EINVAL'],
  ]);
  // What it shows of tgkill and of descriptors differs from release to release: kill alone is compared.
  const lines = theirs.stdout.split('\n').map(line => line.trim().split(/\s+/));
  const killed = lines.filter(
    ([, sender, , signal = '']) => sender === `${pid}` && ['0', '15', '9', '1000'].includes(signal),
  );
  const results = killed.map(words => Number(words.at(-1)));
  expect(results).toEqual([...Array(50).fill(0), ...Array(50).fill(-3), -3, -22]);
});

it('killsnoop takes one signal, failures alone, and refuses what is no signal', async () => {
  await using workload = await Workload.start(work);
  const args = ['killsnoop', '--json', '-p', `${workload.pid}`];
  const [one, failures] = await Promise.all([startTool(...args, '-s', 'SIGUSR1'), startTool(...args, '-x')]);
  await workload.work();
  await Promise.all([one.stop(), failures.stop()]);
  expect(rowsOf<Row>(one).map(({ signal }) => signal)).toEqual(Array(3).fill('SIGUSR1'));
  expect(rowsOf<Row>(failures)).toHaveLength(52);
  const { code, stderr } = await toolWith('killsnoop', '-s', 'SIGNONE');
  expect([code, stderr]).toEqual([1, expect.stringContaining('--signal takes a name')]);
});
