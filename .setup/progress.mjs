// Shows each step with its time. What a step's commands print goes to a log, shown only when the step fails.
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from './paths.mjs';

const logs = join(root, 'build', 'logs');
const live = process.stdout.isTTY;

/** @typedef {{ path: string, line: string, write(text: string): void }} Log what a step's commands print */

/**
 * A step that what follows needs: when it fails, the process ends.
 *
 * @param {string} title what the step does, as `build the addon`
 * @param {(log: Log) => void | Promise<void>} work
 */
export async function step(title, work) {
  if (!(await attempt(title, work))) process.exit(1);
}

/**
 * A step that may fail; tells whether it did not.
 *
 * @param {string} title
 * @param {(log: Log) => void | Promise<void>} work
 */
export async function attempt(title, work) {
  const log = openLog(title);
  const started = performance.now();
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
  const stop = live ? repaint(title, log, seconds) : remind(title, log, seconds);
  try {
    await work(log);
    stop();
    console.log(`✓ ${title} (${seconds()} s)`);
    return true;
  } catch (error) {
    stop();
    console.error(`✗ ${title}: ${/** @type {Error} */ (error).message}\n${endOf(log)}`);
    return false;
  }
}

/**
 * Ends the process: nothing that follows could work.
 *
 * @param {string} reason
 * @returns {never}
 */
export function fail(reason) {
  console.error(reason);
  process.exit(1);
}

/** @param {string} title */
function openLog(title) {
  mkdirSync(logs, { recursive: true });
  const path = join(logs, `${title.replaceAll(/\W+/g, '-')}.log`);
  writeFileSync(path, '');
  /** @type {Log} */
  const log = {
    path,
    line: '',
    write(text) {
      appendFileSync(path, text);
      log.line = stripVTControlCharacters(text).trim().split('\n').at(-1) ?? '';
    },
  };
  return log;
}

/** @param {Log} log */
function endOf(log) {
  const lines = readFileSync(log.path, 'utf8').trimEnd().split('\n').slice(-25);
  return `${lines.map(line => `  ${line}`).join('\n')}\nAll of it: ${log.path}`;
}

/**
 * On a terminal: one line that is painted again ten times a second.
 *
 * @param {string} title
 * @param {Log} log
 * @param {() => string} seconds
 */
function repaint(title, log, seconds) {
  const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
  let turn = 0;
  const timer = setInterval(() => {
    const line = `${frames[turn++ % frames.length]} ${title} ${seconds()} s  ${log.line}`;
    process.stdout.write(`\r\x1b[K${line.slice(0, process.stdout.columns - 1)}`);
  }, 100);
  return () => {
    clearInterval(timer);
    process.stdout.write('\r\x1b[K');
  };
}

/**
 * Elsewhere: a line every fifteen seconds, so that nobody thinks it hangs.
 *
 * @param {string} title
 * @param {Log} log
 * @param {() => string} seconds
 */
function remind(title, log, seconds) {
  const timer = setInterval(
    () => console.log(`… ${title} (${seconds()} s) ${log.line.slice(0, 80)}`),
    15_000,
  );
  return () => clearInterval(timer);
}
