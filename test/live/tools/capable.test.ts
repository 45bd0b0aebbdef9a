/** capable: what a process without rights asks for, by capabilities(7). */
import { expect, it } from 'vitest';
import { rowsOf, startTool, toolWith, Workload } from '../../support/tool-runs.js';

interface Row {
  readonly pid: number;
  readonly capability: string;
  readonly result: string;
}

/** Each call is refused for want of one capability, which capabilities(7) names. */
const refused = {
  CAP_SYS_CHROOT: "os.chroot('/')",
  CAP_NET_RAW: 'socket.socket(socket.AF_PACKET, socket.SOCK_RAW)',
  CAP_SETUID: 'os.setuid(0)',
  CAP_SETGID: 'os.setgid(0)',
  CAP_SYS_NICE: 'os.nice(-1)',
  CAP_KILL: 'os.kill(os.getppid(), 0)',
  CAP_MKNOD: "os.mknod('/tmp/libbpf-ts-none', 0o20600, os.makedev(1, 3))",
  CAP_SYS_BOOT: 'libc.reboot(0) and fail()',
  CAP_SYS_TIME: 'time.clock_settime(time.CLOCK_REALTIME, 0)',
};

const work = `
libc = ctypes.CDLL(None, use_errno=True)
def fail(): raise PermissionError(ctypes.get_errno(), 'refused')
os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)
def attempt(name, call):
    try: call(); print('no', name, flush=True)
    except PermissionError: print('refused', name, flush=True)
for i in range(3):
${Object.entries(refused)
  .map(([name, call]) => `    attempt('${name}', lambda: ${call})`)
  .join('\n')}
`;

const names = Object.keys(refused);

it('shows each capability that a process lacked, as often as it asked', async () => {
  await using workload = await Workload.start(work);
  const pid = `${workload.pid}`;
  const [all, once] = await Promise.all([
    startTool('capable', '--json', '-x', '-p', pid),
    startTool('capable', '--json', '--unique', '-p', pid),
  ]);
  await workload.work();
  await Promise.all([all.stop(), once.stop()]);
  expect(Array.from(workload.stdout.matchAll(/^refused (\w+)$/gm), ([, name]) => name)).toEqual([
    ...names,
    ...names,
    ...names,
  ]);
  const rows = rowsOf<Row>(all).filter(({ capability }) => names.includes(capability));
  expect(new Set(rowsOf<Row>(all).map(({ result }) => result))).toEqual(new Set(['EPERM']));
  const counts = new Map(names.map(name => [name, rows.filter(row => row.capability === name).length]));
  // The kernel asks twice for some: with the call, and with what it is about.
  for (const [name, count] of counts) expect([3, 6], name).toContain(count);
  const unique = rowsOf<Row>(once).map(({ capability, result }) => `${capability} ${result}`);
  expect(new Set(unique).size).toBe(unique.length);
  expect(unique).toEqual(expect.arrayContaining(names.map(name => `${name} EPERM`)));
  expect(unique).toEqual(expect.arrayContaining(['CAP_SETUID yes', 'CAP_SETGID yes']));
});

it.each([['lsm', 2, /--by takes tracepoint, fexit, kprobe, not lsm/]])(
  'refuses a way that there is not: %s',
  async (way, exit, message) => {
    const { code, stderr } = await toolWith('capable', '--by', way);
    expect([code, stderr]).toEqual([exit, expect.stringMatching(message)]);
  },
);

it('says by which way it traces', async () => {
  const { code, stderr } = await toolWith('capable', '--by', 'tracepoint', '-d', '0.1', '-n', 'none');
  expect([code, stderr]).toEqual([0, 'tracing by tracepoint; Ctrl-C ends it\n0 rows; 0 lost\n']);
});
