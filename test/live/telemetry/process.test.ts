import { readFileSync } from 'node:fs';
import { observe } from 'libbpf-ts/telemetry';
import { describe, expect, it } from 'vitest';
import { value } from '../../support/telemetry.js';
import { Workload } from '../../support/tool-runs.js';

/** What the scheduler tells of the only thread of a process: time on CPUs, time waiting, how often it ran. */
function schedstat(pid: number): [onCpu: number, waited: number, runs: number] {
  const fields = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ').map(Number);
  return fields as [number, number, number];
}

function schedulerCount(pid: number, name: string): number {
  const text = readFileSync(`/proc/${pid}/sched`, 'utf8');
  return Number(new RegExp(`^${name}\\s*:\\s*(\\d+)`, 'm').exec(text)?.[1]);
}

describe('a process', () => {
  it('has as much time, as many switches and migrations as its schedstat tells', async () => {
    await using workload = await Workload.start(`
cpus = sorted(os.sched_getaffinity(0))
for turn in range(20):
    os.sched_setaffinity(0, {cpus[turn % len(cpus)]})
    end = time.process_time() + 0.01
    while time.process_time() < end: pass
    time.sleep(0.001)
`);
    const { pid } = workload;
    await using kernel = await observe({ of: { pid }, collectors: ['cpu'] });
    const before = [
      ...schedstat(pid),
      schedulerCount(pid, 'se.nr_migrations'),
      ...Object.values(workload.switches()),
    ];
    await workload.work();
    // It has said that it is done, and is on its way to wait.
    await expect
      .poll(async () => {
        const reading = await kernel.read();
        const after = [
          ...schedstat(pid),
          schedulerCount(pid, 'se.nr_migrations'),
          ...Object.values(workload.switches()),
        ];
        const [onCpu = 0, , runs, moved, waited, preempted] = after.map(
          (value, at) => value - (before[at] ?? 0),
        );
        return [
          [Math.round(value(reading, 'process.cpu.time') * 1e9) - onCpu, 0],
          [value(reading, 'kernel.cpu.wait.duration'), runs],
          [value(reading, 'kernel.cpu.migrations'), moved],
          [
            value(reading, 'process.context_switches', { 'process.context_switch.type': 'voluntary' }),
            waited,
          ],
          [
            value(reading, 'process.context_switches', { 'process.context_switch.type': 'involuntary' }),
            preempted,
          ],
        ].filter(([ours, theirs]) => ours !== theirs);
      })
      .toEqual([]);
    expect(value(await kernel.read(), 'process.cpu.time')).toBeGreaterThan(0.2);
  });

  it('has as many calls, errors and opened files as it made', async () => {
    await using workload = await Workload.start(`
for _ in range(500): os.getppid()
for _ in range(200):
    try: os.kill(4194305, 0)
    except OSError: pass
for _ in range(30): os.close(os.open('/etc/hostname', os.O_RDONLY))
for _ in range(7):
    try: os.open('/nowhere', os.O_RDONLY)
    except OSError: pass
for _ in range(3): time.sleep(0.1)
`);
    await using kernel = await observe({ of: { pid: workload.pid }, collectors: ['syscalls', 'files'] });
    await workload.work();
    const reading = await kernel.read();
    const calls = (syscall: string) => value(reading, 'kernel.syscall.duration', { syscall });
    expect(['getppid', 'kill', 'clock_nanosleep'].map(calls)).toEqual([500, 200, 3]);
    const errors = (syscall: string, type: string) =>
      value(reading, 'kernel.syscall.errors', { syscall, 'error.type': type });
    expect([errors('kill', 'ESRCH'), errors('openat', 'ENOENT')]).toEqual([200, 7]);
    expect(value(reading, 'kernel.file.opens')).toBe(30);
    expect(value(reading, 'kernel.file.open.errors', { 'error.type': 'ENOENT' })).toBe(7);
    const slept = reading.metrics
      .flatMap(metric => (metric.kind === 'histogram' ? metric.points : []))
      .find(({ attributes }) => attributes.syscall === 'clock_nanosleep');
    expect(slept?.sum).toBeGreaterThanOrEqual(0.3);
    // The kernel's clock says that each took 0.1 s and what a busy machine adds.
    expect(slept?.buckets[0]?.from).toBe(0.0625);
  });

  it('has as many children and threads as it started, by how they ended, and signals', async () => {
    await using workload = await Workload.start(`
signal.signal(signal.SIGUSR1, lambda *_: None)
def child(end):
    pid = os.fork()
    if pid == 0: end()
    os.waitpid(pid, 0)
for _ in range(5): child(lambda: os._exit(0))
for _ in range(3): child(lambda: os._exit(9))
for _ in range(2): child(lambda: os.kill(os.getpid(), signal.SIGKILL))
for _ in range(4): child(lambda: os.execv('/bin/true', ['true']))
for _ in range(6):
    thread = threading.Thread(target=lambda: None)
    thread.start(); thread.join()
for _ in range(7): os.kill(os.getpid(), signal.SIGUSR1)
`);
    await using kernel = await observe({ of: { pid: workload.pid }, collectors: ['processes'] });
    await workload.work();
    const reading = await kernel.read();
    const ends = (way: string) => value(reading, 'kernel.process.ends', { 'kernel.process.end': way });
    expect(value(reading, 'kernel.process.starts')).toBe(14);
    expect(['success', 'failure', 'signal'].map(ends)).toEqual([9, 3, 2]);
    expect(value(reading, 'kernel.thread.starts')).toBe(6);
    const signals = (signal: string) => value(reading, 'kernel.signals', { signal });
    expect([signals('SIGUSR1'), signals('SIGCHLD')]).toEqual([7, 14]);
  });

  it('has the page faults that getrusage() tells it', async () => {
    await using workload = await Workload.start(`
import resource
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
memory = mmap.mmap(-1, 4096 * 3000)
for page in range(3000): memory[4096 * page] = 1
after = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
print('faults', after - before, flush=True)
`);
    await using kernel = await observe({ of: { pid: workload.pid }, collectors: ['memory'] });
    await workload.work();
    const told = Number(/faults (\d+)/.exec(workload.stdout)?.[1]);
    const minor = value(await kernel.read(), 'process.paging.faults', {
      'system.paging.fault.type': 'minor',
    });
    expect(minor).toBeGreaterThanOrEqual(told);
    expect(minor).toBeLessThan(told + 500); // what the import and the lines around it take
  });

  it('that ends leaves its last values', async () => {
    const workload = await Workload.start('for _ in range(500): os.getppid()');
    await using kernel = await observe({ of: { pid: workload.pid }, collectors: ['syscalls'] });
    await workload.work();
    await workload[Symbol.asyncDispose]();
    const last = await kernel.read();
    expect(value(last, 'kernel.syscall.duration', { syscall: 'getppid' })).toBe(500);
    expect(kernel.report()).toMatchObject({ of: `process ${workload.pid}`, isGone: true });
    expect(await kernel.read()).toBe(last);
  });
});
