// Brings the machine to where something can be run: checks it, installs what is missing, builds what has changed.
import { checkMachine } from './machine.mjs';
import { installPackages } from './packages.mjs';
import { step } from './progress.mjs';
import { isFresh, stamp } from './stamp.mjs';
import { addon, bpfPrograms, examples, library, npmPackages } from './steps.mjs';

export const everyStep = [npmPackages, addon, library, bpfPrograms, examples];

/**
 * @param {readonly import('./packages.mjs').Purpose[]} purposes
 * @param {readonly import('./steps.mjs').Step[]} [steps]
 */
export async function prepare(purposes, steps = everyStep) {
  checkMachine();
  await installPackages(purposes);
  for (const product of steps) {
    if (isFresh(product)) continue;
    await step(product.title, product.work);
    stamp(product);
  }
}
