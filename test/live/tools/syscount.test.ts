/** syscount: calls of a known number, beside libbpf-tools. */
import { expect, it } from 'vitest';
import { beside, rowsOf, startTool, toolWith, Workload } from '../../support/tool-runs.js';

interface Row {
  readonly call: string;
  readonly calls: number;
  readonly errors: number;
  readonly nanoseconds?: number;
  readonly pid?: number;
}

const work = `
for _ in range(500): os.getppid()
for _ in range(200):
    try: os.kill(4194305, 0)
    except OSError: pass
time.sleep(0.2)
`;

it('syscount counts each call once, as many as syscount of libbpf-tools', async () => {
  await using workload = await Workload.start(work);
  const args = ['-p', `${workload.pid}`];
  const { ours, theirs } = await beside(workload, ['syscount', '--json', ...args], /Tracing/, [
    'syscount-libbpf',
    ...args,
    ...['-T', '1000'],
  ]);
  const rows = rowsOf<Row>(ours).map(({ call, calls, errors }) => [call, { calls, errors }] as const);
  expect(Object.fromEntries(rows)).toMatchObject({
    getppid: { calls: 500, errors: 0 },
    kill: { calls: 200, errors: 200 },
  });
  const counted = theirs.stdout.split('\n').flatMap(line => /^(\w+)\s+(\d+)$/.exec(line)?.slice(1) ?? []);
  const pairs = Array.from({ length: counted.length / 2 }, (_, i) => [
    counted[2 * i],
    Number(counted[2 * i + 1]),
  ]);
  expect(Object.fromEntries(pairs)).toEqual(
    Object.fromEntries(rows.map(([call, { calls }]) => [call, calls])),
  );
});

it('syscount measures, counts by process and by error, and prints each interval', async () => {
  await using workload = await Workload.start(work);
  const args = ['--json', '-p', `${workload.pid}`];
  const tools = await Promise.all([
    startTool('syscount', ...args, '-L'),
    startTool('syscount', ...args, '-P'),
    startTool('syscount', ...args, '-e', 'ESRCH'),
    startTool('syscount', ...args, '-i', '0.1'),
  ]);
  await workload.work();
  for (const tool of tools) await tool.stop();
  const [times = [], processes = [], failed = [], pieces = []] = tools.map(tool => rowsOf<Row>(tool));
  const slept = times.find(({ call }) => call.includes('nanosleep'))?.nanoseconds ?? 0;
  expect(slept).toBeGreaterThan(200e6);
  expect(slept).toBeLessThan(300e6);
  expect(processes.map(({ pid }) => pid)).toEqual([workload.pid]);
  expect(failed).toMatchObject([{ call: 'kill', calls: 200, errors: 200 }]);
  const sum = pieces.filter(({ call }) => call === 'getppid').reduce((total, { calls }) => total + calls, 0);
  expect(sum).toBe(500);
});

it('syscount follows a command, and shows so many rows', async () => {
  const { stdout, code } = await toolWith('syscount', '-T', '2', '--', 'true');
  expect([code, stdout.split('\n').length]).toEqual([0, 4]);
  expect(stdout).toMatch(/^CALL +CALLS +ERRORS\n/);
});
