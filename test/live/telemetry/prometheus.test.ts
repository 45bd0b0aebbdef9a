/** A real Prometheus scrapes what is observed: what it has stored is what was done. */
import { readFileSync } from 'node:fs';
import { type KernelTelemetry, observe } from 'libbpf-ts/telemetry';
import { expect, it } from 'vitest';
import { ended } from '../../support/child.js';
import { diskWork, LoopDisk } from '../../support/loop-disk.js';
import { Prometheus, type ScrapeProtocol } from '../../support/prometheus.js';
import { seconds } from '../../support/time.js';
import { Workload } from '../../support/tool-runs.js';

/** So much of everything, by one thread, which waits in read(2) before and after; and at last threads. */
const work = (disk: LoopDisk) => `${diskWork(disk)}
for _ in range(500): os.getppid()
for _ in range(30): os.close(os.open('/etc/hostname', os.O_RDONLY))
for _ in range(7):
    try: os.open('/nowhere', os.O_RDONLY)
    except OSError: pass
def child(end):
    pid = os.fork()
    if pid == 0: end()
    os.waitpid(pid, 0)
for _ in range(5): child(lambda: os._exit(0))
for _ in range(3): child(lambda: os._exit(9))
for _ in range(2): child(lambda: os.kill(os.getpid(), signal.SIGKILL))
signal.signal(signal.SIGUSR1, lambda *_: None)
for _ in range(7): os.kill(os.getpid(), signal.SIGUSR1)
server = socket.create_server(('127.0.0.1', 0)); address = server.getsockname()
for turn in range(20):
    client = socket.socket(); client.connect(address); peer, _ = server.accept()
    client.sendall(b'x' * 1000)
    left = 1000
    while left: left -= len(peer.recv(left))
    if turn < 3: client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, bytes([1, 0, 0, 0, 0, 0, 0, 0]))
    client.close(); peer.close()
server.close()
for _ in range(5):
    try: socket.socket().connect(address)
    except ConnectionRefusedError: pass
one, other = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
one.bind(('127.0.0.1', 0))
for _ in range(10): other.sendto(b'y' * 300, one.getsockname()); one.recv(1000)
for _ in range(5): other.sendto(bytes(12), ('127.0.0.1', 53)) # questions to no server
print('half', flush=True); sys.stdin.readline()
for _ in range(6):
    thread = threading.Thread(target=lambda: None)
    thread.start(); thread.join()
`;

/** By how much series must have grown that are there before, at 0. */
const growth: Readonly<Record<string, number>> = {
  kernel_file_opens_total: 31,
  'kernel_file_sync_duration_seconds_count{syscall="fsync"}': 1,
  kernel_lock_wait_duration_seconds_count: 0,
  'kernel_memory_reclaim_duration_seconds_count{kernel_memory_reclaim_of="system"}': 0,
  'kernel_memory_reclaim_duration_seconds_count{kernel_memory_reclaim_of="cgroup"}': 0,
  kernel_dns_questions_total: 5,
  'kernel_dns_duration_seconds_count{dns_response_code="NOERROR"}': 0,
  kernel_process_starts_total: 10,
  'kernel_process_ends_total{kernel_process_end="success"}': 5,
  'kernel_process_ends_total{kernel_process_end="failure"}': 3,
  'kernel_process_ends_total{kernel_process_end="signal"}': 2,
  kernel_process_execs_total: 0,
  kernel_tcp_connect_duration_seconds_count: 20,
  kernel_tcp_connect_errors_total: 5,
  kernel_tcp_accepts_total: 20,
  kernel_tcp_round_trip_duration_seconds_count: 40,
  'process_network_io_bytes_total{network_io_direction="transmit",network_transport="tcp"}': 20_000,
  'process_network_io_bytes_total{network_io_direction="receive",network_transport="tcp"}': 20_000,
  'process_network_io_bytes_total{network_io_direction="transmit",network_transport="udp"}': 3060,
  'process_network_io_bytes_total{network_io_direction="receive",network_transport="udp"}': 3000,
  kernel_tcp_retransmissions_total: 0,
  'kernel_tcp_resets_total{network_io_direction="transmit"}': 3,
  'kernel_tcp_resets_total{network_io_direction="receive"}': 8,
};

/** The same of series that come with what they count. */
const fresh: Readonly<Record<string, number>> = {
  'kernel_syscall_errors_total{syscall="openat",error_type="ENOENT"}': 7,
  'process_disk_io_bytes_total{disk_io_direction="write"}': 40 * 4096,
  'kernel_file_open_errors_total{error_type="ENOENT"}': 7,
  'kernel_signals_total{signal="SIGUSR1",kernel_signal_result="delivered"}': 7,
};

/** Of histograms, their counts, which text has. */
const freshCounts: Readonly<Record<string, number>> = {
  'kernel_disk_request_duration_seconds_count{disk_io_direction="read"}': 21,
  'kernel_syscall_duration_seconds_count{syscall="getppid"}': 500,
};

const switches = 'process_context_switches_total';

/** What the scheduler and ps(1) tell of a process, by the series that must grow as much. */
async function toldBySystem({ pid }: Workload): Promise<Record<string, number>> {
  const file = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8');
  const [onCpu = 0, , runs = 0] = file('schedstat').split(' ').map(Number);
  const { stdout } = await ended('ps', ['-o', 'min_flt=,maj_flt=', '-p', `${pid}`]);
  const [minor = 0, major = 0] = stdout.trim().split(/\s+/).map(Number);
  const count = (text: string, name: string) =>
    Number(new RegExp(`^${name}\\s*:\\s*(\\d+)`, 'm').exec(text)?.[1]);
  return {
    process_cpu_time_seconds_total: onCpu / 1e9,
    kernel_cpu_wait_duration_seconds_count: runs,
    kernel_cpu_migrations_total: count(file('sched'), 'se.nr_migrations'),
    [`${switches}{process_context_switch_type="voluntary"}`]: count(
      file('status'),
      'voluntary_ctxt_switches',
    ),
    [`${switches}{process_context_switch_type="involuntary"}`]: count(
      file('status'),
      'nonvoluntary_ctxt_switches',
    ),
    'process_paging_faults_total{system_paging_fault_type="minor"}': minor,
    'process_paging_faults_total{system_paging_fault_type="major"}': major,
  };
}

/** A Prometheus that scrapes an observer, and has done so. */
async function scraped(kernel: KernelTelemetry, protocol: ScrapeProtocol): Promise<Prometheus> {
  const prometheus = await Prometheus.start(async ({ headers }, response) => {
    const { contentType, body } = await kernel.scrape(headers.accept);
    response.setHeader('Content-Type', contentType).end(body);
  }, protocol);
  const first = () => prometheus.samples('kernel_file_opens_total');
  await expect.poll(first, { timeout: seconds(15) }).not.toEqual([]);
  return prometheus;
}

/** The first sample of each series, and by how much the last one is more. */
async function grown(prometheus: Prometheus, names: readonly string[]): Promise<Record<string, number[]>> {
  const all = names.map(async name => {
    const samples = await prometheus.samples(name);
    const [first = Number.NaN, last = Number.NaN] = [samples[0], samples.at(-1)].map(sample => sample?.[1]);
    return [name, [first, rounded(last - first)]];
  });
  return Object.fromEntries(await Promise.all(all));
}

const long = { timeout: seconds(90) };
const patient = { timeout: seconds(20) };

it('has of every metric as text what was done, from 0 on', long, async () => {
  using disk = new LoopDisk();
  await using workload = await Workload.start(work(disk));
  await using kernel = await observe({ of: { pid: workload.pid } });
  await using prometheus = await scraped(kernel, 'PrometheusText0.0.4');
  const before = await toldBySystem(workload);
  workload.child.stdin.write('\n');
  await workload.says(/half/);
  await expect
    .poll(async () => {
      const expected = { ...growth, ...difference(await toldBySystem(workload), before) };
      return changes(expected, await grown(prometheus, Object.keys(expected)));
    }, patient)
    .toEqual([]);
  await workload.work();
  const threads = 'kernel_thread_starts_total';
  await expect.poll(() => grown(prometheus, [threads]), patient).toEqual({ [threads]: [0, 6] });
  for (const [name, count] of Object.entries({ ...fresh, ...freshCounts }))
    expect((await prometheus.samples(name)).at(-1)?.[1]).toBe(count);
  const compared = [...Object.keys({ ...growth, ...before, ...fresh, ...freshCounts }), threads];
  expect(new Set(compared.map(familyOf))).toEqual(new Set(await families(kernel)));
});

/** Series that did not begin at 0, or did not grow as expected. */
function changes(expected: Record<string, number>, found: Record<string, number[]>): unknown[] {
  return Object.entries(found)
    .filter(([name, [first, more]]) => first !== 0 || more !== expected[name])
    .map(([name, [first, more]]) => ({ name, first, more, expected: expected[name] }));
}

function difference(after: Record<string, number>, before: Record<string, number>): Record<string, number> {
  const all = Object.entries(after).map(([name, value]) => [name, rounded(value - (before[name] ?? 0))]);
  return Object.fromEntries(all);
}

function rounded(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}

/** The metric of a series. */
function familyOf(series: string): string {
  return series.replace(/\{.*/, '').replace(/_count$/, '');
}

/** Metrics of collectors, by the text's own lines. */
async function families(kernel: KernelTelemetry): Promise<string[]> {
  const names = [...(await kernel.text()).matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
  return names.filter(name => !name.startsWith('kernel_observer_'));
}

it('has as messages the time since when it is counted, and every bucket of the kernel’s', long, async () => {
  using disk = new LoopDisk();
  await using workload = await Workload.start(work(disk));
  await using kernel = await observe({ of: { pid: workload.pid } });
  await using prometheus = await scraped(kernel, 'PrometheusProto');
  workload.child.stdin.write('\n');
  await workload.work();
  const start = kernel.report().startTime.getTime() / 1000;
  for (const [name, value] of Object.entries({ ...fresh, kernel_file_opens_total: 31 })) {
    await expect.poll(async () => (await prometheus.samples(name)).at(-1)?.[1], patient).toBe(value);
    expect((await prometheus.samples(name))[0]).toEqual([start, 0]);
  }
  const syscall = 'kernel_syscall_duration_seconds{syscall="getppid"}';
  await expect.poll(async () => (await prometheus.histograms(syscall)).at(-1)?.count, patient).toBe(500);
  const [first, last] = [0, -1].map(async at => (await prometheus.histograms(syscall)).at(at));
  expect(await first).toMatchObject({ time: start, count: 0, sum: 0 });
  const { metrics } = await kernel.read();
  const [point] = metrics
    .flatMap(metric => (metric.kind === 'histogram' ? metric.points : []))
    .filter(({ attributes }) => attributes.syscall === 'getppid');
  const buckets = point?.buckets.filter(({ count }) => count > 0);
  expect(await last).toMatchObject({ count: 500, sum: point?.sum, buckets });
});
