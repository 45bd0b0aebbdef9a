// Runs one command in the repository's folder, its output into a step's log.
import { spawn } from 'node:child_process';
import { constants, cpus } from 'node:os';
import { root } from './paths.mjs';

/**
 * @param {import('./progress.mjs').Log} log
 * @param {readonly string[]} command the program and its arguments
 * @param {{ cwd?: string, env?: Record<string, string> }} [options]
 * @returns {Promise<void>} rejects when the command fails
 */
export function run(log, [program = '', ...args], { cwd = root, env } = {}) {
  log.write(`$ ${[program, ...args].join(' ')}\n`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', ...env };
  const child = spawn(program, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
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
 * Runs commands that do not depend on each other, as many at once as there are processors.
 *
 * @param {import('./progress.mjs').Log} log
 * @template {readonly string[]} Command
 * @param {readonly Command[]} commands
 * @param {(command: Command) => void} [passed] called for each that did
 * @param {{ env?: Record<string, string> }} [options]
 * @returns {Promise<void>} rejects with a failure; what has not begun by then is left out
 */
export async function runAll(log, commands, passed, options) {
  const waiting = [...commands];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await run(log, next, options).catch(error => {
        waiting.length = 0;
        throw error;
      });
      passed?.(next);
    }
  };
  const results = await Promise.allSettled(cpus().map(worker));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/**
 * Hands the terminal to a command, signals included; a terminal's Ctrl-C reaches the command by itself.
 *
 * @param {readonly string[]} command the program and its arguments
 * @returns {Promise<number>} its exit code, 128 and its number for a signal
 */
export function become([program = '', ...args]) {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit' });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
}
