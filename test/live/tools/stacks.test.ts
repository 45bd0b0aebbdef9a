/** profile, offcputime and memleak: known answers, beside libbpf-tools. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Talker } from '../../support/talker.js';
import { temporary } from '../../support/temporary.js';
import { rowsOf, startOracle, startTool, toolWith, Workload } from '../../support/tool-runs.js';

interface Row {
  readonly process: string;
  readonly state?: string;
  readonly value: number;
  readonly unit: string;
  readonly frames: readonly { readonly kind: string; readonly name?: string }[];
}

/** Of stacks that go through a function. */
function through(rows: readonly Row[], name: string): number {
  const found = rows.filter(({ frames }) => frames.some(frame => frame.name === name));
  return found.reduce((sum, { value }) => sum + value, 0);
}

describe('offcputime', () => {
  it('has the time of sleeps that offcputime of libbpf-tools has', async () => {
    await using workload = await Workload.start('for i in range(40): time.sleep(0.02)');
    const [tool, other] = await Promise.all([
      startTool('offcputime', '--json', '-p', `${workload.pid}`),
      startOracle(/Tracing/, 'offcputime-libbpf', '-p', `${workload.pid}`),
    ]);
    await workload.work();
    await Promise.all([tool.stop(), other.stop()]);
    const ours = through(rowsOf<Row>(tool), 'hrtimer_nanosleep') / 1000;
    const blocks = other.stdout.split(/\n\n/).filter(block => block.includes('hrtimer_nanosleep'));
    const theirs = blocks.reduce((sum, block) => sum + Number(/^ +(\d+)$/m.exec(block)?.[1]), 0);
    expect(ours).toBeGreaterThan(800_000);
    expect(Math.abs(ours / theirs - 1)).toBeLessThan(0.01);
  });

  it('follows a command with all its processes, into every form', async () => {
    const script = 'echo said; (sleep 0.3 &); sleep 0.1';
    const run = (...options: string[]) => toolWith('offcputime', ...options, '--', 'sh', '-c', script);
    const folded = await run('--folded');
    const sleeps = folded.stdout.matchAll(/^sleep;\[sleep\];.* (\d+)$/gm);
    const times = Array.from(sleeps, ([, time]) => Math.round(Number(time) / 1e8));
    expect(times.sort()).toEqual([1, 3]); // tenths of a second
    expect(folded.stderr).toMatch(/^said$/m);
    const text = await run();
    expect(text.stdout).toMatch(/^said\n/);
    expect(text.stdout).toMatch(/\n30\d\.\d{3} ms {2}\d\d\.\d % {2}sleep {2}\[sleep\]\n {4}__schedule\+/);
    expect(JSON.parse((await run('--speedscope')).stdout).profiles[0].unit).toBe('nanoseconds');
    expect((await run('--svg')).stdout).toMatch(/^<svg [\s\S]*<\/svg>\s*$/);
    const long = await run('--json', '-m', '200');
    expect(new Set(rowsOf<Row>(long).map(({ process }) => process))).toEqual(new Set(['sleep']));
    expect(through(rowsOf<Row>(long), 'do_nanosleep') / 1e6).toBeLessThan(330);
  });
});

describe('profile', () => {
  const work = `
l = ctypes.CDLL(None)
end = time.monotonic() + 1.5
while time.monotonic() < end: sum(range(10000))
`;

  it('has the samples that profile of libbpf-tools has', async () => {
    await using workload = await Workload.start(work);
    const [tool, other] = await Promise.all([
      startTool('profile', '--json', '-F', '997', '-p', `${workload.pid}`),
      startOracle(/Sampling/, 'profile-libbpf', '-F', '997', '-p', `${workload.pid}`),
    ]);
    await workload.work();
    await Promise.all([tool.stop(), other.stop()]);
    const rows = rowsOf<Row>(tool);
    const ours = rows.reduce((sum, { value }) => sum + value, 0);
    const theirs = Array.from(other.stdout.matchAll(/^ +(\d+)$/gm), ([, count]) => Number(count));
    expect(ours).toBeGreaterThan(100);
    expect(Math.abs(ours / theirs.reduce((sum, each) => sum + each, 0) - 1)).toBeLessThan(0.08);
    expect(new Set(rows.map(({ process, unit }) => `${process} ${unit}`))).toEqual(
      new Set(['python3 samples']),
    );
  });

  it('of the wall clock has waits too', async () => {
    await using workload = await Workload.start(`${work}\ntime.sleep(0.5)`);
    const tool = await startTool('profile', '--json', '-w', '-p', `${workload.pid}`);
    await workload.work();
    await tool.stop();
    const sums: { [State in string]?: number } & { running?: number; runnable?: number; sleep?: number } = {};
    for (const { state = '', value } of rowsOf<Row>(tool)) sums[state] = (sums[state] ?? 0) + value / 1e9;
    expect((sums.running ?? 0) + (sums.runnable ?? 0)).toBeGreaterThan(1.4);
    expect((sums.running ?? 0) + (sums.runnable ?? 0)).toBeLessThan(1.7);
    expect(sums.sleep).toBeGreaterThan(0.5);
    expect(sums.sleep).toBeLessThan(0.52);
  });

  it('refuses two forms at once, and what is no number', async () => {
    const wrong = [
      [['--svg', '--folded'], /one form at a time: --folded or --svg/],
      [['-F', 'fast'], /--frequency takes a whole number from 1 up, not fast/],
      [['--top', '0'], /--top takes a whole number from 1 up, not 0/],
    ] as const;
    for (const [options, message] of wrong) {
      const { stderr, code } = await toolWith('profile', '-p', '1', '-d', '1', ...options);
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
    }
  });
});

describe('memleak', () => {
  const work = `
l = ctypes.CDLL(None); l.malloc.restype = ctypes.c_void_p; l.free.argtypes = [ctypes.c_void_p]
for i in range(37): l.malloc(1024)
for i in range(500): l.free(l.malloc(1025))
`;
  /** Linked statically: memleak of libbpf-tools takes short paths alone. */
  const source = `
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(void) {
  puts("ready"), fflush(stdout), getchar();
  for (int i = 0; i < 37; i++) { void *volatile p = malloc(1024); (void)p; }
  for (int i = 0; i < 500; i++) { void *volatile p = malloc(1025); free(p); }
  puts("done"), fflush(stdout);
  for (;;) pause();
}`;

  it('has what was not freed, as memleak of libbpf-tools', async () => {
    writeFileSync(temporary('leak.c'), source);
    execFileSync('gcc', ['-static', '-fno-omit-frame-pointer', temporary('leak.c'), '-o', temporary('leak')]);
    await using program = await Talker.start('', [temporary('leak')]);
    const { pid } = program;
    const tool = await startTool('memleak', '--json', '-p', `${pid}`);
    const object = `/proc/${pid}/exe`;
    const other = await startOracle(/Top 0 stacks/, 'memleak-libbpf', '-p', `${pid}`, '-O', object, '1');
    await program.ask('work');
    await other.says(/37888 bytes in 37 allocations/);
    await Promise.all([tool.stop(), other.stop()]);
    const rows = rowsOf<Row>(tool);
    expect(rows.map(({ value, unit }) => [value, unit])).toEqual([[37_888, 'bytes']]);
  });

  it('shows how it grows, needs a process, and takes no other filter', async () => {
    await using workload = await Workload.start(work);
    const tool = await startTool('memleak', '-p', `${workload.pid}`, '-i', '0.5', '--top', '1');
    await workload.work();
    await tool.says(/\n37\.888 kB {2}\d+\.\d % {2}python3\n/);
    await tool.stop();
    const refused = await toolWith('memleak', '-d', '1');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--pid is needed')]);
    const narrowed = await toolWith('memleak', '-p', '1', '-n', 'x');
    expect(narrowed.stderr).toMatch(/--comm cannot be honoured: probes are put into the files/);
    const drawn = await toolWith('memleak', '-p', '1', '--svg', '-i', '1');
    expect(drawn.stderr).toMatch(/--svg is one file: leave out --interval and --count/);
  });
});
