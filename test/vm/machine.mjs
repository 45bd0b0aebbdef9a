// One virtual machine, from power-on to power-off. Every channel is a socket pair, so nothing is left when it ends.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { emulator } from './emulator.mjs';
import { initramfs, quoted } from './initramfs.mjs';
import { onExit } from './interruption.mjs';
import { shareRoot, spawnBound } from './share.mjs';

/** @typedef {import('./kernel-image.mjs').KernelImage} KernelImage */
/** @typedef {import('node:net').Socket} Socket */

/**
 * What is to run and who listens.
 *
 * @typedef {object} Job
 * @property {readonly string[]} command
 * @property {Readonly<Record<string, string>>} environment
 * @property {string} folder where the command starts
 * @property {string} [userland] the folder that is the guest's root, with `folder` in it; if not given the host's
 * @property {number} [seconds] the time it has once the guest is ready; without end if not given
 * @property {{ rows: number, columns: number, attach(socket: Socket): void }} [terminal] it runs on a terminal
 * @property {(chunk: Buffer) => void} stdout
 * @property {(chunk: Buffer) => void} stderr
 * @property {(line: string) => void} [result] gets what the command writes to the file that $RESULTS_PORT names
 */

/**
 * How it ended. `code`: the command's exit code; without it the guest died or hung, for this `reason`.
 * `ready`: seconds from power-on until the command started.
 *
 * @typedef {{ code?: number, ready?: number, reason?: string, console: string }} Ending
 */

/** Far more than it takes, two seconds on an idle machine: others may want the processors too. */
const secondsToReady = 90;

/**
 * @param {KernelImage} image
 * @param {Job} job
 * @returns {Promise<Ending>}
 */
export async function runMachine(image, job) {
  const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-vm-'));
  const forget = onExit(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const share = await shareRoot(folder);
    try {
      return await powerOn(image, job, folder, share.socket);
    } finally {
      share.process.kill('SIGTERM');
    }
  } finally {
    forget();
  }
}

/** The guest's serial ports, by name; each gets the descriptor after the one before it. */
const channels = ['console', 'status', 'stdout', 'stderr', 'results', 'terminal'];
const firstDescriptor = 3;

/**
 * @param {KernelImage} image
 * @param {Job} job
 * @param {string} folder
 * @param {string} socket virtiofsd's
 */
async function powerOn(image, job, folder, socket) {
  const { release, modules, boot } = image;
  const { folder: start, userland = '' } = job;
  const settings = { release, modules, boot, userland, start, terminal: job.terminal ? 'yes' : '' };
  const initrd = join(folder, 'initramfs');
  writeFileSync(initrd, await initramfs(image, settings, scriptOf(job)));
  const command = emulator(image, initrd, socket, channels, firstDescriptor);
  const started = performance.now();
  const pipes = channels.map(() => /** @type {const} */ ('pipe'));
  const process = spawnBound(command, ['ignore', 'ignore', 'pipe', ...pipes]);
  return new Promise((resolve, reject) => {
    process.on('error', reject);
    watch(process, job, ending => {
      if (ending.ready !== undefined) ending.ready = (ending.ready - started) / 1000;
      resolve(ending);
    });
  });
}

/**
 * Listens to all channels until QEMU has ended.
 *
 * @param {import('node:child_process').ChildProcess} process
 * @param {Job} job
 * @param {(ending: Ending) => void} ended
 */
function watch(process, job, ended) {
  /** @type {Ending} */
  const ending = { console: '' };
  const socket = (/** @type {string} */ name) =>
    /** @type {Socket} */ (process.stdio[firstDescriptor + channels.indexOf(name)]);
  const stop = (/** @type {string} */ reason) => {
    ending.reason = reason;
    process.kill('SIGKILL');
  };
  let limit = setTimeout(stop, secondsToReady * 1000, `it was not ready after ${secondsToReady} seconds`);
  process.stderr?.on('data', text => {
    ending.console += text;
  });
  socket('console').on('data', text => {
    ending.console += text;
  });
  socket('stdout').on('data', job.stdout);
  socket('stderr').on('data', job.stderr);
  createInterface({ input: socket('results') }).on('line', line => job.result?.(line));
  createInterface({ input: socket('status') }).on('line', line => {
    const [word, value] = line.split(' ');
    if (word === 'exit') ending.code = Number(value);
    if (word !== 'ready') return;
    ending.ready = performance.now();
    clearTimeout(limit);
    if (job.seconds !== undefined)
      limit = setTimeout(stop, job.seconds * 1000, `it was not done after ${job.seconds} seconds`);
    job.terminal?.attach(socket('terminal'));
  });
  process.on('close', (_, signal) => {
    clearTimeout(limit);
    const reason = signal ? `QEMU was ended by ${signal}` : 'it switched itself off';
    ended(ending.code === undefined ? { reason, ...ending } : ending);
  });
}

/** @param {Job} job */
function scriptOf({ command, environment, folder, terminal }) {
  const variables = Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
  const size = terminal ? `stty rows ${terminal.rows} cols ${terminal.columns}\n` : '';
  return `${size}${variables.join('')}cd ${quoted(folder)}\nexec ${command.map(quoted).join(' ')}\n`;
}
