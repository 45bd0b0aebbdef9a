/** `libbpf-ts run` as a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { checkout } from './child.js';
import { seconds } from './time.js';

export const main = join(checkout, 'dist/cli/main.js');

/** Runs an object until `work` is done, then interrupts it. */
export async function during(
  args: readonly string[],
  work: () => unknown,
  signal: NodeJS.Signals = 'SIGINT',
) {
  const child = spawn(process.execPath, [main, 'run', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  const said = () => output.stdout + output.stderr;
  child.stdout.on('data', chunk => (output.stdout += chunk));
  child.stderr.on('data', chunk => (output.stderr += chunk));
  const exit = new Promise(resolve => child.on('close', resolve));
  await expect.poll(said, { timeout: seconds(10) }).toMatch(/attached/);
  await work();
  child.kill(signal);
  return { code: await exit, ...output };
}
