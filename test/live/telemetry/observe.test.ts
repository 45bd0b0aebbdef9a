/** Telemetry of workloads whose doings are known, and told by /proc. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { type KernelTelemetry, observe, type TelemetryReading } from 'libbpf-ts/telemetry';
import { describe, expect, it } from 'vitest';
import { Cgroup, cgroupRoot } from '../../support/cgroup.js';
import { ended } from '../../support/child.js';
import { openBpf } from '../../support/leaks.js';
import { Workload } from '../../support/tool-runs.js';

/** The value of one series, or the count of a histogram's. */
function value({ metrics }: TelemetryReading, name: string, attributes: Record<string, string> = {}): number {
  const metric = metrics.find(each => each.name === name);
  const wanted = Object.entries(attributes);
  const points = metric?.points.filter(({ attributes: has }) =>
    wanted.every(([label, text]) => has[label] === text),
  );
  const [point] = points ?? [];
  return point === undefined ? Number.NaN : 'value' in point ? point.value : point.count;
}

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

const work = 'for _ in range(500): os.getppid()';

/** The second version's hierarchy, and that of the first version's controller of CPUs where it is mounted. */
const version1 = /^\S+ (\S+) cgroup \S*\bcpu\b/m.exec(readFileSync('/proc/self/mounts', 'utf8'))?.[1];
const hierarchies = [cgroupRoot(), ...(version1 === undefined ? [] : [version1])];

/** Makes the calls of `work` in a cgroup. */
async function workIn(cgroup: Cgroup): Promise<void> {
  await using workload = await Workload.start(work);
  workload.enter(cgroup);
  await workload.work();
}

async function getppids(kernel: KernelTelemetry): Promise<number> {
  return value(await kernel.read(), 'kernel.syscall.duration', { syscall: 'getppid' });
}

describe.each(hierarchies)('a cgroup in %s', root => {
  it('has what is done in it and below, and nothing else', async () => {
    await using cgroup = new Cgroup(root);
    await using below = new Cgroup(cgroup.path);
    await using beside = new Cgroup(root);
    await using kernel = await observe({ of: { cgroup: cgroup.path }, collectors: ['syscalls'] });
    for (const each of [cgroup, below, beside]) await workIn(each);
    expect(await getppids(kernel)).toBe(1000);
    expect(kernel.report().of).toBe(`cgroup ${cgroup.path}`);
  });

  it('in another is observed too, each by itself', async () => {
    await using outer = new Cgroup(root);
    await using inner = new Cgroup(outer.path);
    await using all = await observe({ of: { cgroup: outer.path }, collectors: ['syscalls'] });
    await using part = await observe({ of: { cgroup: inner.path }, collectors: ['syscalls'] });
    for (const each of [outer, inner]) await workIn(each);
    expect([await getppids(all), await getppids(part)]).toEqual([1000, 500]);
  });

  it('that is removed leaves its last values', async () => {
    const cgroup = new Cgroup(root);
    await using kernel = await observe({ of: { cgroup: cgroup.path }, collectors: ['syscalls'] });
    await workIn(cgroup);
    await cgroup[Symbol.asyncDispose]();
    expect(await getppids(kernel)).toBe(500);
    expect(kernel.report().isGone).toBe(true);
  });
});

describe('cgroups', () => {
  it.runIf(version1)('are observed in one hierarchy at a time', async () => {
    await using one = new Cgroup();
    await using other = new Cgroup(version1);
    await using kernel = await observe({ of: { cgroup: one.path }, collectors: ['processes'] });
    expect(kernel.closed).toBe(false);
    const refused = { code: 'ERR_BPF_BUSY', message: expect.stringContaining('another hierarchy') };
    await expect(observe({ of: { cgroup: other.path }, collectors: ['processes'] })).rejects.toThrow(
      expect.objectContaining(refused),
    );
  });

  it.runIf(version1)(
    'that are limited have the periods and the time that they were kept from CPUs',
    async () => {
      await using cgroup = new Cgroup(version1);
      writeFileSync(`${cgroup.path}/cpu.cfs_period_us`, '20000');
      writeFileSync(`${cgroup.path}/cpu.cfs_quota_us`, '5000');
      await using kernel = await observe({ of: { cgroup: cgroup.path }, collectors: ['cpu'] });
      await using workload = await Workload.start(
        'end = time.process_time() + 0.1\nwhile time.process_time() < end: pass',
      );
      workload.enter(cgroup);
      await workload.work();
      const reading = await kernel.read();
      // 0.1 seconds in pieces of 5 ms: at least 15 times it had to wait for the next 20 ms, 15 ms each.
      expect(value(reading, 'kernel.cpu.throttled.periods')).toBeGreaterThanOrEqual(15);
      expect(value(reading, 'kernel.cpu.throttled.time')).toBeGreaterThan(0.1);
      expect(value(reading, 'container.cpu.time')).toBeGreaterThan(0.095);
    },
  );
});

describe('a container', () => {
  it('is found by how its id begins', async () => {
    const id = randomBytes(32).toString('hex');
    const path = `${cgroupRoot()}/docker-${id}.scope`;
    mkdirSync(path);
    try {
      await using kernel = await observe({ of: { container: id.slice(0, 12) }, collectors: ['syscalls'] });
      await using workload = await Workload.start(work);
      writeFileSync(`${path}/cgroup.procs`, `${workload.pid}`);
      await workload.work();
      expect(await getppids(kernel)).toBe(500);
      expect(kernel.report().of).toBe(`container ${id}`);
    } finally {
      await expect.poll(() => rmdirSync(path)).toBeUndefined();
    }
  });
});

describe('two observers', () => {
  it('of one process count once, and the second from 0', async () => {
    await using workload = await Workload.start(`
for _ in range(500): os.getppid()
print('half', flush=True); sys.stdin.readline()
for _ in range(300): os.getppid()
`);
    const of = { pid: workload.pid };
    await using first = await observe({ of, collectors: ['syscalls'] });
    workload.child.stdin.write('\n');
    await workload.says(/half/);
    const attached = hookCount();
    await using second = await observe({ of, collectors: ['syscalls', 'memory'] });
    expect(hookCount()).toBe(attached);
    const calls = async (kernel: typeof first) =>
      value(await kernel.read(), 'kernel.syscall.duration', { syscall: 'getppid' });
    await workload.work();
    expect([await calls(first), await calls(second)]).toEqual([800, 300]);
    await first.close();
    expect(await calls(second)).toBe(300);
  });
});

/** BPF programs that this process holds. */
function hookCount(): number {
  return openBpf().filter(entry => /bpf.?(prog|link)/.test(entry)).length;
}

describe('what cannot be observed', () => {
  it.each([
    [{}, "of is 'process', 'host', { pid }, { cgroup } or { container }, not undefined"],
    [{ of: 'proces' }, 'not "proces"'],
    [{ of: { pid: 1, cgroup: '/' } }, 'of names one thing'],
    [{ of: { pid: -1 } }, 'pid is an integer'],
    [{ of: { process: 1 } }, 'there is no option process'],
    [{ of: { cgroup: '' } }, 'cgroup, the folder of a cgroup, is a string'],
    [{ of: 'process', collectors: ['cpus'] }, 'there is no such collector; there are cpu, syscalls'],
    [{ of: 'process', collectors: [] }, 'no collector is named'],
    [{ of: 'process', collectors: 'cpu' }, 'collectors are named: a list'],
    [{ of: 'process', collector: ['cpu'] }, 'there is no option collector'],
    [{ of: 'process', labels: { 'a.b': 'c' } }, "a label's name is letters"],
    [{ of: 'process', labels: { a: 1 } }, 'label a is a string, not 1'],
  ])('%j is refused', async (options, message) => {
    await expect(observe(options as never)).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_BPF_ARGUMENT', message: expect.stringContaining(message) }),
    );
  });

  it('is named: a process and a cgroup that are not there, a folder that is none', async () => {
    await expect(observe({ of: { pid: 4_194_305 } })).rejects.toThrow('observe process 4194305: ESRCH');
    await expect(observe({ of: { cgroup: '/sys/fs/cgroup/nowhere' } })).rejects.toThrow(
      'observe cgroup /sys/fs/cgroup/nowhere: ENOENT',
    );
    await expect(observe({ of: { cgroup: '/etc' } })).rejects.toThrow(
      'observe cgroup /etc: EBADF, it is no folder',
    );
  });

  it('has a reason in the report, and an error where nothing is left', async () => {
    await using kernel = await observe({ of: 'process', collectors: ['cpu', 'memory'] });
    const refused = kernel.report().metrics.filter(({ isObserved }) => !isObserved);
    expect(refused.map(({ name }) => name)).toEqual([
      'kernel.cpu.throttled.periods',
      'kernel.cpu.throttled.time',
      'kernel.oom.kills',
    ]);
    const script = `import { observe } from 'libbpf-ts/telemetry';
const kernel = await observe({ of: 'process', collectors: JSON.parse(process.argv[1]) });
console.log(kernel.report().metrics.map(({ name, reason }) => name + ': ' + reason).join('\\n'));
console.log(await kernel.text());`;
    const asNobody = (collectors: string[]) =>
      ended('setpriv', [
        ...['--reuid=65534', '--regid=65534', '--clear-groups'],
        ...[process.execPath, '--input-type=module', '-e', script, JSON.stringify(collectors)],
      ]);
    const nothing = await asNobody(['cpu']);
    expect(nothing.code).toBe(1);
    expect(nothing.stderr).toMatch(/EPERM.*CAP_BPF/);
    const some = await asNobody(['cpu', 'memory']);
    expect(some.stdout).toMatch(/process.cpu.time: .*EPERM/);
    expect(some.stdout).toMatch(/^process_paging_faults_total\{system_paging_fault_type="minor"\} \d+$/m);
  });

  it('is a closed observer', async () => {
    const kernel = await observe({ of: 'process', collectors: ['memory'] });
    await kernel.close();
    await expect(kernel.read()).rejects.toThrow('ERR_BPF_CLOSED');
    expect(() => kernel.producer()).toThrow('ERR_BPF_CLOSED');
  });
});
