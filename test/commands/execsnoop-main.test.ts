/** The example as its users meet it: a table, JSON, exit codes, process trees to their very end. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkout, type Ended, ended } from '../support/child.js';
import { seconds } from '../support/time.js';

const main = join(checkout, 'build/examples/execsnoop/demo.js');
const env = { ...process.env, PATH: '/usr/bin:/bin' };

function snoop(...args: string[]): Promise<Ended> {
  return ended(process.execPath, [main, ...args], { env });
}

/** Rows without the times and process ids, which differ from run to run. */
function rowsIn(table: string): string[] {
  return table
    .split('\n')
    .slice(1, -1)
    .map(line => line.replace(/^[\d:.]{12} +\d+ +\d+ /, ''));
}

describe('the execsnoop example', () => {
  it('shows a small workload of its own as a table, and says that nothing was lost', async () => {
    const { code, stdout, stderr } = await snoop();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^TIME {9} {4}PID {4}PPID RET {5}COMM {12}ARGS\n/);
    expect(rowsIn(stdout)).toEqual([
      '0       sh              /bin/sh',
      '0       uname           /usr/bin/uname -sr',
      "0       ls              /usr/bin/ls -l 'no such file'",
      "0       env             /usr/bin/env GREETING=hello sh -c 'echo $GREETING'",
      "0       sh              /usr/bin/sh -c 'echo $GREETING'",
      'ENOENT  sh              /no/such/command --with arguments',
      'EACCES  sh              /dev/null',
      "0       echo            /bin/echo $'two\\nlines' 'naïve café'",
      '0       seq             /usr/bin/seq 150',
      expect.stringMatching(/^0 {7}true {12}\/bin\/true 1 2 3 [\d ]+ 127 … and 23 more$/),
      '0       sleep           /usr/bin/sleep 0.2',
      '0       date            /usr/bin/date +%s',
    ]);
    expect(stderr).toBe('12 executions, 2 of them failed; 0 lost; detached\n');
  });

  it.each([
    [['--', 'sh', '-c', 'exit 3'], 3],
    [['sh', '-c', 'kill -9 $$'], 137],
    [['--failures', 'true'], 0],
    [['/no/such/command'], 127],
  ])('%j: passes the exit code on', async (args, code) => {
    expect((await snoop(...args)).code).toBe(code);
  });

  it("passes the command's output through; with --json its own alone is on standard output", async () => {
    const command = ['--', 'sh', '-c', "/bin/echo hello 'wor\nld'"];
    expect((await snoop(...command)).stdout).toContain('\nhello wor\nld\n');
    const { stdout, stderr } = await snoop('--json', '--name', 'echo', ...command);
    expect(stderr).toContain('hello wor\nld\n');
    const call = JSON.parse(stdout);
    const args = ['/bin/echo', 'hello', 'wor\nld'];
    expect(call).toMatchObject({
      path: '/bin/echo',
      args,
      args_count: 3,
      retval: 0,
      comm: 'echo',
      truncated: false,
    });
    expect(Math.abs(Date.parse(call.time) - Date.now())).toBeLessThan(10_000);
  });

  it('stays until the last orphan has ended, and shows what it did last', async () => {
    const script = 'sh -c "(sleep 0.4; exec /bin/echo last) & (sleep 0.2; exec /bin/echo middle) &"';
    const { stdout } = await snoop('--', 'sh', '-c', script);
    expect(
      rowsIn(stdout)
        .filter(row => row.includes('/bin/echo '))
        .at(-1),
    ).toBe('0       echo            /bin/echo last');
    expect(stdout).toMatch(/ \d+ 0 {7}echo {12}\/bin\/echo last\n/);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends by %s, with a summary, and takes the command with it', async (signal, code) => {
    const child = spawn(process.execPath, [main, '--', 'sleep', '60'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk));
    const exit = new Promise(resolve => child.on('close', resolve));
    await expect.poll(() => output, { timeout: seconds(10) }).toContain('/usr/bin/sleep 60');
    const sleeper = Number(/(\d+) +\d+ 0 +sleep/.exec(output)?.[1]);
    child.kill(signal);
    expect(await exit).toBe(code);
    expect(output).toMatch(/1 executions, 0 of them failed; 0 lost; detached\n$/);
    await expect.poll(() => isAlive(sleeper)).toBe(false);
  });

  it.each([
    [['--pid', 'x'], /^error: --pid takes a number, not x\n$/],
    [
      ['--all', '--', 'true'],
      /^error: a command is followed by its process tree; leave out --all and --pid\n$/,
    ],
    [['--wrong'], /^error: Unknown option '--wrong'/],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await snoop(...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});

/** A zombie has ended; who inherits it may take a while to notice. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
