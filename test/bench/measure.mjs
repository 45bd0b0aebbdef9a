// Times of repeated work: medians, for other work runs on the machine too.
import { execFileSync } from 'node:child_process';

/** `--short`: one iteration of each, to see that it works and not how long it takes. */
export const short = process.argv.includes('--short');

/**
 * The median time of some runs, in milliseconds.
 *
 * @param {number} runs
 * @param {() => unknown} work
 */
export function median(runs, work) {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN;
}

/**
 * The median time of a program, from its start to its end, in milliseconds.
 *
 * @param {number} runs
 * @param {string} program
 * @param {string[]} args
 */
export function programTime(runs, program, args) {
  return median(runs, () => execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] }));
}

/**
 * One line of a report.
 *
 * @param {string} work
 * @param {number} ours
 * @param {string} unit
 * @param {[name: string, value: number]} [theirs] what it is compared with
 */
export function row(work, ours, unit, theirs) {
  const compared = theirs
    ? `${theirs[0]} ${theirs[1].toFixed(2)} ${unit}, ${(ours / theirs[1]).toFixed(2)} x`
    : '';
  console.log(`${work.padEnd(52)} ${ours.toFixed(2).padStart(10)} ${unit.padEnd(3)} ${compared}`.trimEnd());
}

/**
 * The value in the middle.
 *
 * @param {number[]} values
 */
export function middle(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
