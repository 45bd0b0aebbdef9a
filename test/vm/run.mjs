// The tests that need a kernel, on one kernel: in a guest exactly as here.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { root } from '../../.setup/paths.mjs';
import { guestEnvironment } from './environment.mjs';
import { noResult, runInGuest } from './guest.mjs';
import { cache } from './paths.mjs';
import { joined, unfinished } from './resumption.mjs';

/** @typedef {import('./kernel-image.mjs').KernelImage} KernelImage */
/** @typedef {import('./reporter.mjs').Result} Result */
/** @typedef {import('./selection.mjs').Selection} Selection */

/**
 * One kernel's run. `code`: vitest's, or that there is none, for this `reason`. `death`: where and why the first of
 * two guests died.
 *
 * @typedef {{ kernel: string, release: string, code: number, seconds: number, ready?: number, reason?: string,
 *   death?: string, results: Result[] }} Run
 */

/** How many times as long as here a guest may take for anything: emulation costs about ten times the time. */
const factor = 10;
/** Time for all tests on one kernel, with another one running beside it. */
const secondsForAll = 1800;

/**
 * QEMU can die in the middle, of itself. The files that had not ended have one more guest then, and the report says so;
 * what makes a kernel panic will do so again.
 *
 * @param {KernelImage} image
 * @param {Selection} selection
 * @param {(text: string) => void} print
 * @returns {Promise<Run>}
 */
export async function runOn(image, selection, print) {
  let run = await inGuest(image, selection.command(), secondsForAll, print);
  const rest = secondsForAll - run.seconds;
  if (run.code === noResult && run.results.length > 0 && rest > 0) {
    const again = unfinished(selection.files, run);
    run = joined(run, await inGuest(image, selection.command(again), rest, print), again);
  }
  return { ...run, results: selection.chosen(run.results) };
}

/**
 * @param {KernelImage} image
 * @param {readonly string[]} command
 * @param {number} seconds
 * @param {(text: string) => void} print
 * @returns {Promise<Run>}
 */
async function inGuest(image, command, seconds, print) {
  /** @type {Result[]} */
  const results = [];
  const started = performance.now();
  const ending = await runInGuest(image, {
    // A process for each file would take a fifth of the time.
    command: [...command, '--no-isolate'],
    environment: { ...guestEnvironment(image), LIBBPF_TS_TIME_FACTOR: String(factor) },
    folder: root,
    seconds,
    stdout: chunk => print(String(chunk)),
    stderr: chunk => print(String(chunk)),
    result: line => results.push(JSON.parse(line)),
  });
  const { kernel, release } = image;
  return { kernel: kernel.name, release, seconds: secondsSince(started), results, ...ending };
}

/**
 * The same on the kernel that runs here.
 *
 * @param {Selection} selection
 * @param {(text: string) => void} print
 * @returns {Promise<Run>}
 */
export async function runHere(selection, print) {
  const port = join(cache, 'results');
  mkdirSync(cache, { recursive: true });
  rmSync(port, { force: true });
  const started = performance.now();
  const code = await codeOf(selection.command(), { ...process.env, RESULTS_PORT: port }, print);
  const lines = readFileSync(port, 'utf8').trim().split('\n');
  const results = selection.chosen(lines.map(line => JSON.parse(line)));
  return { kernel: 'host', release: '', code, seconds: secondsSince(started), results };
}

/** @param {number} started */
function secondsSince(started) {
  return (performance.now() - started) / 1000;
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
