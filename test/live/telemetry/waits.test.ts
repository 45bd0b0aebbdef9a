/** Telemetry of waits: for locks, and for memory. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { observe } from 'libbpf-ts/telemetry';
import { expect, it } from 'vitest';
import { Cgroup, cgroupRoot } from '../../support/cgroup.js';
import { value } from '../../support/telemetry.js';
import { temporary } from '../../support/temporary.js';
import { startOracle, Workload } from '../../support/tool-runs.js';

it('has each wait for a lock, and no call that wakes', async () => {
  await using workload = await Workload.start(`
import platform
libc = ctypes.CDLL(None, use_errno=True); futex = {'x86_64': 202, 'aarch64': 98}[platform.machine()]
word = ctypes.c_int(7); wait, wake, wait_bits, private = 0, 1, 9, 128
class Time(ctypes.Structure): _fields_ = [('seconds', ctypes.c_long), ('nanoseconds', ctypes.c_long)]
short, past = Time(0, 50_000_000), Time(0, 0)
for _ in range(5): libc.syscall(futex, ctypes.byref(word), wait | private, 7, ctypes.byref(short), None, 0)
for _ in range(3): libc.syscall(futex, ctypes.byref(word), wait, 8, None, None, 0) # the word is another: at once
for _ in range(2): libc.syscall(futex, ctypes.byref(word), wait_bits | private, 7, ctypes.byref(past), None, 1)
for _ in range(20): libc.syscall(futex, ctypes.byref(word), wake | private, 1, None, None, 0)
`);
  await using kernel = await observe({ of: { pid: workload.pid }, collectors: ['locks', 'syscalls'] });
  await workload.work();
  const reading = await kernel.read();
  expect(value(reading, 'kernel.lock.wait.duration')).toBe(5 + 3 + 2);
  expect(value(reading, 'kernel.syscall.duration', { syscall: 'futex' })).toBe(5 + 3 + 2 + 20);
  const [point] = reading.metrics.flatMap(metric =>
    metric.name === 'kernel.lock.wait.duration' && metric.kind === 'histogram' ? metric.points : [],
  );
  expect(point?.sum).toBeGreaterThanOrEqual(0.25);
});

it('has as many searches for memory of a cgroup that is full as bpftrace', async () => {
  const first = '/sys/fs/cgroup/memory';
  if (!existsSync(first)) writeFileSync(join(cgroupRoot(), 'cgroup.subtree_control'), '+memory');
  await using cgroup = existsSync(first) ? new Cgroup(first) : new Cgroup();
  writeFileSync(join(cgroup.path, existsSync(first) ? 'memory.limit_in_bytes' : 'memory.max'), `${32 << 20}`);
  const file = temporary('large');
  writeFileSync(file, Buffer.alloc(64 << 20));
  await using workload = await Workload.start(`
with open('${file}', 'rb') as file:
    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    while file.read(1 << 20): pass
`);
  workload.enter(cgroup);
  await using kernel = await observe({ of: { pid: workload.pid }, collectors: ['memory'] });
  const script = `tracepoint:vmscan:mm_vmscan_memcg_reclaim_begin /pid == ${workload.pid}/ { @searches = count(); }`;
  const theirs = await startOracle(/attached_probes/, 'bpftrace', '-f', 'json', '-e', script);
  await workload.work();
  await theirs.stop();
  const searches = Number(/"@searches": (\d+)/.exec(theirs.stdout)?.[1]);
  expect(searches).toBeGreaterThan(0);
  const ours = (of: string) =>
    kernel
      .read()
      .then(reading => value(reading, 'kernel.memory.reclaim.duration', { 'kernel.memory.reclaim.of': of }));
  expect(await ours('cgroup')).toBe(searches);
});
