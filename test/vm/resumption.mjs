// A run whose guest died in the middle, and the run of what it had left: both as one.

/** @typedef {import('./run.mjs').Run} Run */

/**
 * The file that ran last had not ended, for all that is known.
 *
 * @param {readonly string[]} files
 * @param {Run} run
 */
export function unfinished(files, { results }) {
  const begun = new Set(results.map(({ file }) => file));
  const last = results.at(-1)?.file;
  return files.filter(file => !begun.has(file) || file === last);
}

/**
 * What the first guest said of files that the second one ran is forgotten; that it died is not.
 *
 * @param {Run} first
 * @param {Run} second
 * @param {readonly string[]} again the files that the second one ran
 * @returns {Run}
 */
export function joined(first, second, again) {
  const kept = first.results.filter(({ file }) => !again.includes(file));
  return {
    ...second,
    code: second.code || Number(kept.some(({ state }) => state === 'failed')),
    seconds: first.seconds + second.seconds,
    results: [...kept, ...second.results],
    death: `in or after ${first.results.at(-1)?.file}: ${first.reason}`,
  };
}
