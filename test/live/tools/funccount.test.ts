/** funccount and funclatency: functions of a program of the test's own, and tracepoints beside bpftrace. */
import { expect, it } from 'vitest';
import { mapsOf } from '../../support/bpftrace-maps.js';
import { program } from '../../support/program.js';
import { bucketsOf, totalOf } from '../../support/tool-histograms.js';
import { rowsOf, startOracle, startTool, toolWith, Workload } from '../../support/tool-runs.js';

interface Row {
  readonly name: string;
  readonly count: number;
}

const calls = program(new URL('function-calls.c', import.meta.url));
const countsOf = (tool: { stdout: string }) =>
  Object.fromEntries(rowsOf<Row>(tool).map(({ name, count }) => [name, count]));

it('funccount counts the calls of each function of a file that fits', async () => {
  const tool = await toolWith('funccount', '--json', '-f', `u:${calls}:known_*`, '--', calls);
  expect([tool.code, countsOf(tool)]).toEqual([0, { known_often: 1000, known_seldom: 7, known_nested: 11 }]);
  expect(rowsOf<Row>(tool).map(({ name }) => name)).toEqual(['known_often', 'known_nested', 'known_seldom']);
  const one = await toolWith('funccount', '-f', `u:${calls}:known_s?ldom`, '--', calls);
  expect(one.stdout).toMatch(/^ +COUNT NAME\n +7 known_seldom\n$/);
});

it('funccount counts tracepoints as bpftrace does', async () => {
  await using workload = await Workload.start('for _ in range(300): os.getppid(); os.getpgid(0)');
  const script = ['getppid', 'getpgid']
    .map(
      name =>
        `tracepoint:syscalls:sys_enter_${name} /pid == ${workload.pid}/ { @sys_enter_${name} = count(); }`,
    )
    .join('\n');
  const [tool, oracle] = await Promise.all([
    startTool('funccount', '--json', '-f', 't:syscalls:sys_enter_getp*', '-p', `${workload.pid}`),
    startOracle(/attached_probes/, 'bpftrace', '-f', 'json', '-e', script),
  ]);
  await workload.work();
  await Promise.all([tool.stop(), oracle.stop()]);
  expect(countsOf(tool)).toEqual(mapsOf(oracle));
  expect(countsOf(tool)).toEqual({ sys_enter_getppid: 300, sys_enter_getpgid: 300 });
});

it('funclatency counts each call once, the outermost of one that calls itself, for what it took', async () => {
  const all = await toolWith('funclatency', '--json', '-f', `u:${calls}:known_*`, '--', calls);
  expect([all.code, totalOf(bucketsOf(all))]).toEqual([0, 1000 + 7 + 1]);
  const apart = await toolWith('funclatency', '--json', '-F', '-m', '-f', `u:${calls}:known_*`, '--', calls);
  const histograms = rowsOf<{ function: string; unit: string }>(apart);
  const of = (name: string) =>
    bucketsOf({
      stdout: apart.stdout
        .split('\n')
        .filter(line => line.includes(`"${name}"`))
        .join('\n'),
    });
  expect(new Set(histograms.map(({ unit }) => unit))).toEqual(new Set(['msecs']));
  expect(histograms.map(row => row.function).sort()).toEqual(['known_nested', 'known_often', 'known_seldom']);
  expect(totalOf(of('known_often'))).toBe(1000);
  // It sleeps for 20 ms each time: none took less, however busy the machine is.
  expect(totalOf(of('known_seldom'))).toBe(7);
  expect(Object.keys(of('known_seldom')).every(from => Number(from) >= 16)).toBe(true);
});

it.each<[string[], RegExp]>([
  [['funccount'], /--functions is needed: u:FILE:FUNCTION/],
  [['funccount', '-f', 'x:y'], /--functions takes u:FILE:FUNCTION.*; not x:y/],
  [['funccount', '-f', `u:${calls}:no_such_*`], /nothing fits u:.*:no_such_\*/],
  [['funclatency', '-f', 't:sched:sched_switch'], /a tracepoint has no return: name a function/],
])('%j is refused', async (args, message) => {
  const { code, stderr } = await toolWith(...args);
  expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
});
