// The steps that bring the four binaries to build/package: inputs once, then one step for each target.

import { join, relative } from 'node:path';
import { run } from '../command.mjs';
import { root } from '../paths.mjs';
import { buildTarget } from './build.mjs';
import { faultsOf } from './check.mjs';
import { fetchInputs, folders } from './inputs.mjs';
import { targets } from './targets.mjs';

/** Where the binaries lie before they are packed. */
export const prebuilds = 'build/prebuilds';

const recipe = ['native', '.setup/cross'];

/** @type {import('../steps.mjs').Step} */
const inputs = {
  name: 'cross-inputs',
  title: 'get the cross compiler and its sources',
  inputs: ['native/deps/cross.json', 'native/deps/libbpf.json'],
  outputs: Object.values(folders).map(folder => relative(root, folder)),
  async work(log) {
    await run(log, ['node', 'native/deps/fetch.mjs']);
    fetchInputs();
  },
};

/**
 * The steps that make the binaries of some targets.
 *
 * @param {...string} names all where there are none
 * @returns {import('../steps.mjs').Step[]}
 */
export function prebuildSteps(...names) {
  const wanted = targets.filter(({ name }) => names.length === 0 || names.includes(name));
  return [inputs, ...wanted.map(prebuildStep)];
}

/** Where the binary of a target lies. @param {string} name */
export function addonOf(name) {
  const target = targets.find(each => each.name === name);
  if (target === undefined) throw new Error(`there is no target ${name}`);
  return join(root, prebuilds, target.file);
}

/**
 * @param {import('./targets.mjs').Target} target
 * @returns {import('../steps.mjs').Step}
 */
function prebuildStep(target) {
  return {
    name: `prebuild-${target.name}`,
    title: `build the addon for ${target.name}`,
    inputs: recipe,
    outputs: [`${prebuilds}/${target.file}`],
    async work(log) {
      await buildTarget(log, target, join(root, prebuilds));
      const faults = faultsOf(target, join(root, prebuilds));
      if (faults.length > 0) throw new Error(faults.join('\n'));
    },
  };
}
