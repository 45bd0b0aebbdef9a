// A command in a guest: fetched and booted on first use, tried once more if it dies before the command could start.
import { step } from '../../.setup/progress.mjs';
import { KernelImage } from './kernel-image.mjs';
import { runMachine } from './machine.mjs';

/** @typedef {import('./kernels.mjs').Kernel} Kernel */
/** @typedef {import('./machine.mjs').Job} Job */
/** @typedef {import('./machine.mjs').Ending} Ending */

/**
 * @param {Kernel} kernel
 * @returns {Promise<KernelImage>}
 */
export async function imageOf(kernel) {
  const image = new KernelImage(kernel);
  if (!image.present) await step(`get Linux ${kernel.name} from Debian`, log => image.fetch(log));
  return image;
}

/**
 * @param {KernelImage} image
 * @param {Job} job
 * @returns {Promise<Ending & { code: number }>}
 */
export async function runInGuest(image, job) {
  let ending = await runMachine(image, job);
  if (ending.ready === undefined) {
    console.error(`Linux ${image.release} did not come up, ${ending.reason}; it is tried once more.`);
    console.error(lastLines(ending.console));
    ending = await runMachine(image, job);
  }
  if (ending.code !== undefined) return { ...ending, code: ending.code };
  console.error(`Linux ${image.release}: ${ending.reason}. The last that its console said:`);
  console.error(lastLines(ending.console));
  return { ...ending, code: noResult, reason: [ending.reason, ...complaints(ending.console)].join('; ') };
}

/** The exit code for a command that did not give one. */
export const noResult = 125;

/** What a kernel says of why it dies, without the time before it. @param {string} console */
function complaints(console) {
  const lines = console.matchAll(
    /^\[ *[\d.]+\] ((?:BUG|Oops|Kernel panic|RIP|watchdog|general protection).*?)\s*$/gm,
  );
  return [...new Set(Array.from(lines, ([, text]) => text))].slice(0, 4);
}

/** @param {string} text */
function lastLines(text) {
  return text
    .trimEnd()
    .split('\n')
    .slice(-60)
    .map(line => `  ${line.trimEnd()}`)
    .join('\n');
}
