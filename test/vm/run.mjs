// The tests that need a kernel, on one kernel: in a guest exactly as here.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { filesIn, root } from '../../.setup/paths.mjs';
import { guestEnvironment } from './environment.mjs';
import { runInGuest } from './guest.mjs';
import { cache } from './paths.mjs';

/** @typedef {import('./reporter.mjs').Result} Result */

/**
 * One kernel's run. `code`: vitest's, or why there is none.
 *
 * @typedef {{ kernel: string, release: string, code: number, seconds: number, ready?: number, results: Result[] }} Run
 */

/** How many times as long as here a guest may take for anything: emulation costs about ten times the time. */
const factor = 10;
/** Time for all tests on one kernel, with another one running beside it. */
const secondsForAll = 1800;

/**
 * @param {import('./kernel-image.mjs').KernelImage} image
 * @param {string} filter
 * @param {(text: string) => void} print
 * @returns {Promise<Run>}
 */
export async function runOn(image, filter, print) {
  /** @type {Result[]} */
  const results = [];
  const started = performance.now();
  const ending = await runInGuest(image, {
    // A process for each file would take a fifth of the time.
    command: [...vitest(filter), '--no-isolate'],
    environment: { ...guestEnvironment(image), LIBBPF_TS_TIME_FACTOR: String(factor) },
    folder: root,
    seconds: secondsForAll,
    stdout: chunk => print(String(chunk)),
    stderr: chunk => print(String(chunk)),
    result: line => results.push(...chosen([line], filter)),
  });
  const seconds = (performance.now() - started) / 1000;
  return { kernel: image.kernel.name, release: image.release, seconds, results, ...ending };
}

/**
 * The same on the kernel that runs here.
 *
 * @param {string} filter
 * @param {(text: string) => void} print
 * @returns {Promise<Run>}
 */
export async function runHere(filter, print) {
  const port = join(cache, 'results');
  mkdirSync(cache, { recursive: true });
  rmSync(port, { force: true });
  const started = performance.now();
  const code = await codeOf(vitest(filter), { ...process.env, RESULTS_PORT: port }, print);
  const lines = readFileSync(port, 'utf8').trim().split('\n');
  const results = chosen(lines, filter);
  return { kernel: 'host', release: '', code, seconds: (performance.now() - started) / 1000, results };
}

/**
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} env
 * @param {(text: string) => void} print
 * @returns {Promise<number>}
 */
function codeOf([program = '', ...args], env, print) {
  const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => print(String(text)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
}

/**
 * What a filter leaves out, vitest reports as skipped for no reason.
 *
 * @param {readonly string[]} lines
 * @param {string} filter
 * @returns {Result[]}
 */
function chosen(lines, filter) {
  const results = lines.map(line => /** @type {Result} */ (JSON.parse(line)));
  return results.filter(({ state, reason }) => filter === '' || state !== 'skipped' || reason !== undefined);
}

/** What calls a kernel: the kernel tests, and of those of the addon the one that calls all of its functions. */
const files = [...filesIn('test/kernel', '.test.ts'), 'test/native/abuse.test.ts'];

/** @param {string} filter a part of a file's path, else of a test's name; all when empty */
function vitest(filter) {
  const command = ['node', 'node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts'];
  const reporters = ['--reporter', 'default', '--reporter', './test/vm/reporter.mjs'];
  return [...command, '--project', 'native', '--project', 'kernel', ...reporters, ...selection(filter)];
}

/** @param {string} filter */
function selection(filter) {
  const chosen = files.filter(file => file.includes(filter));
  return chosen.length > 0 ? chosen : [...files, '--testNamePattern', filter];
}
