// Whether a step's result is still good: a stamp holds the hash of everything that the result was made from.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn, root } from './paths.mjs';

/** @typedef {{ name: string, inputs: readonly string[], outputs: readonly string[] }} Product files and folders */

/** @param {Product} product */
export function isFresh({ name, inputs, outputs }) {
  const made = outputs.every(path => existsSync(join(root, path)));
  return made && existsSync(pathOf(name)) && readFileSync(pathOf(name), 'utf8') === hashOf(inputs);
}

/** @param {Product} product */
export function stamp({ name, inputs }) {
  mkdirSync(join(root, 'build', 'stamps'), { recursive: true });
  writeFileSync(pathOf(name), hashOf(inputs));
}

/**
 * Has it made again next time, for something else has written over it.
 *
 * @param {Product} product
 */
export function forget({ name }) {
  rmSync(pathOf(name), { force: true });
}

/** @param {string} name */
function pathOf(name) {
  return join(root, 'build', 'stamps', name);
}

/** @param {readonly string[]} inputs */
function hashOf(inputs) {
  const hash = createHash('sha256');
  const isFolder = (/** @type {string} */ path) => statSync(join(root, path)).isDirectory();
  for (const path of inputs.flatMap(input => (isFolder(input) ? filesIn(input) : [input]))) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}
