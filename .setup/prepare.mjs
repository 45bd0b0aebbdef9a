// Brings the machine to where something can be run: checks it, installs what is missing, builds what has changed.
import { checkMachine } from './machine.mjs';
import { installPackages, requirePackages } from './packages.mjs';
import { fail, step } from './progress.mjs';
import { isFresh, stamp } from './stamp.mjs';
import {
  addon,
  bpfPrograms,
  examples,
  library,
  npmPackages,
  oracles,
  projects,
  sources,
  tools,
} from './steps.mjs';

export const everyStep = [
  npmPackages,
  addon,
  library,
  sources,
  bpfPrograms,
  tools,
  examples,
  projects,
  oracles,
];

/**
 * Builds what has changed, and installs nothing: where something is missing it says so, and the process ends.
 *
 * @param {readonly import('./packages.mjs').Purpose[]} purposes
 */
export async function prepareInstalled(purposes) {
  checkMachine();
  requirePackages(purposes);
  if (!isFresh(npmPackages))
    fail('The npm packages are not those of package-lock.json. npm run setup installs them.');
  await make(everyStep);
}

/**
 * @param {readonly import('./packages.mjs').Purpose[]} purposes
 * @param {readonly import('./steps.mjs').Step[]} [steps]
 */
export async function prepare(purposes, steps = everyStep) {
  checkMachine();
  await installPackages(purposes);
  await make(steps);
}

/** @param {readonly import('./steps.mjs').Step[]} steps */
async function make(steps) {
  for (const product of steps) {
    if (isFresh(product)) continue;
    await step(product.title, product.work);
    stamp(product);
  }
}
