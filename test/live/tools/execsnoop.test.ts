/** execsnoop as a tool: the executions of a workload, beside libbpf-tools, and the filters that all tools have. */
import { expect, it } from 'vitest';
import { Cgroup } from '../../support/cgroup.js';
import { beside, rowsOf, startTool, toolWith, Workload } from '../../support/tool-runs.js';

interface Row {
  readonly pid: number;
  readonly ppid: number;
  readonly comm: string;
  readonly error?: string;
  readonly path: string;
  readonly args: readonly string[];
  readonly argsCount: number;
}

const work = `
def run(*words):
    try: subprocess.run(words)
    except OSError: pass
for i in range(20): run('/bin/true', str(i), 'a b')
for i in range(5): run('/no/such/' + str(i))
run('/dev/null', 'x'); run('/bin/sh', '-c', '/bin/true from a shell; exec /bin/true after it')
`;

const expected = [
  ...Array.from({ length: 20 }, (_, i) => ['/bin/true', undefined, ['/bin/true', `${i}`, 'a b']]),
  ...Array.from({ length: 5 }, (_, i) => [`/no/such/${i}`, 'ENOENT', [`/no/such/${i}`]]),
  ['/dev/null', 'EACCES', ['/dev/null', 'x']],
  ['/bin/sh', undefined, ['/bin/sh', '-c', '/bin/true from a shell; exec /bin/true after it']],
  ['/bin/true', undefined, ['/bin/true', 'from', 'a', 'shell']],
  ['/bin/true', undefined, ['/bin/true', 'after', 'it']],
];

it('shows each execution once and right, as execsnoop of libbpf-tools does', async () => {
  await using cgroup = new Cgroup();
  await using workload = await Workload.start(work);
  workload.enter(cgroup);
  const failures = await startTool('execsnoop', '--json', '-x', '--cgroup', cgroup.path);
  const { ours, theirs } = await beside(
    workload,
    ['execsnoop', '--json', '--cgroup', cgroup.path],
    /PCOMM/,
    ['execsnoop-libbpf', '-x', '-c', cgroup.path],
    expected.length,
  );
  await failures.stop();
  const rows = rowsOf<Row>(ours);
  expect(rows.map(({ path, error, args }) => [path, error, args])).toEqual(expected);
  for (const { args, argsCount } of rows) expect(argsCount).toBe(args.length);
  const children = rows.filter(({ ppid }) => ppid === workload.pid);
  expect(children).toHaveLength(expected.length - 1);
  const failed = rows.filter(({ error }) => error !== undefined);
  expect(rowsOf<Row>(failures).map(({ pid, path }) => [pid, path])).toEqual(
    failed.map(({ pid, path }) => [pid, path]),
  );
  expect(ours.stderr).toMatch(new RegExp(`^${expected.length} rows; 0 lost$`, 'm'));
  const theirPids = theirs.stdout.matchAll(/^\S+ +(\d+) +\d+ +(-?\d+) /gm);
  expect(Array.from(theirPids, ([, pid, result]) => [Number(pid), result === '0'])).toEqual(
    rows.map(({ pid, error }) => [pid, error === undefined]),
  );
});

it.each<[string, string[], string[]]>([
  ['a whole name', ['-n', 'sh'], ['/bin/sh', '/no/such']],
  ['the beginning of a name', ['-n', 'ech*'], ['/bin/echo']],
  ['no whole name', ['-n', 'ech'], []],
  ['a user', ['-u', '65534'], []],
])('honours %s', async (_, args, wanted) => {
  const script = '/bin/echo 1; /bin/true; /no/such; exit 0';
  const tool = await toolWith('execsnoop', '--json', ...args, '--', '/bin/sh', '-c', script);
  expect(tool.code).toBe(0);
  expect(rowsOf<Row>(tool).map(({ path }) => path)).toEqual(wanted);
});

it('honours a thread: the one that executes, by its number before', async () => {
  const text = `
def other(): print('tid', threading.get_native_id(), flush=True); sys.stdin.readline(); attempt('/no/thread')
def attempt(path):
    try: os.execv(path, [path])
    except OSError: pass
thread = threading.Thread(target=other); thread.start(); thread.join(); attempt('/no/process')
`;
  await using workload = await Workload.start(text);
  workload.child.stdin.write('\n');
  await workload.says(/tid \d+/);
  const [, tid = ''] = /tid (\d+)/.exec(workload.stdout) ?? [];
  const [one, all] = await Promise.all([
    startTool('execsnoop', '--json', '-t', tid),
    startTool('execsnoop', '--json', '-p', `${workload.pid}`),
  ]);
  await workload.work();
  await Promise.all([one.stop(), all.stop()]);
  const [ofThread, ofProcess] = [one, all].map(tool => rowsOf<Row>(tool).map(({ path }) => path));
  expect([ofThread, ofProcess]).toEqual([['/no/thread'], ['/no/thread', '/no/process']]);
});

it('follows a command to its end, and writes what a shell would read', async () => {
  const script = `/bin/echo 'it'"'"'s'; (sleep 0.1; exec /bin/true orphan) & exit 3`;
  const { stdout, code, stderr } = await toolWith('execsnoop', '--', '/bin/sh', '-c', script);
  expect(code).toBe(3);
  expect(stdout).toMatch(/^TIME +PID +PPID ERROR +COMM +ARGS\n/);
  expect(stdout).toMatch(/ +\d+ +\d+ - +echo +\/bin\/echo 'it'\\''s'$/m);
  expect(stdout).toMatch(/ - +true +\/bin\/true orphan$/m);
  expect(stderr).toMatch(/^4 rows; 0 lost$/m);
});
