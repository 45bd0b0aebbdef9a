// Runs one command in the repository's folder, its output into a step's log.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './paths.mjs';

/**
 * @param {import('./progress.mjs').Log} log
 * @param {readonly string[]} command the program and its arguments
 * @returns {Promise<void>} rejects when the command fails
 */
export function run(log, [program = '', ...args]) {
  log.write(`$ ${[program, ...args].join(' ')}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => log.write(String(text)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`\`${program} ${args[0] ?? ''}\` ended with ${signal ?? `exit code ${code}`}`));
    });
  });
}

/**
 * Hands the terminal to a command; this process ends as the command does.
 *
 * @param {readonly string[]} command the program and its arguments
 * @returns {Promise<number>} its exit code, 128 and its number for a signal
 */
export function become([program = '', ...args]) {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
    process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
}
