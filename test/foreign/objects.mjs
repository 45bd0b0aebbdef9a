// Builds foreign programs with the library's own compiler call: what builds is an object to compare.
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { root } from '../../.setup/paths.mjs';

/** @typedef {import('./sources.mjs').ForeignSource} ForeignSource */

/** What became of one source. @typedef {{ name: string, least: number, objects: string[], failed: string[] }} Built */

/**
 * Compiles all programs of a source that compile, into `output`.
 *
 * @param {ForeignSource} source
 * @param {string} folder
 * @param {string} output
 * @returns {Promise<Built>}
 */
export async function buildObjects(source, folder, output) {
  mkdirSync(output, { recursive: true });
  const built = /** @type {Built} */ ({ name: source.name, least: source.least, objects: [], failed: [] });
  const includes = ['.', ...source.includes].map(path => `-I${join(folder, path)}`);
  const work = async (/** @type {string} */ path) => {
    const flags = [`-I${dirname(path)}`, ...includes, ...(source.flags ?? [])];
    const object = join(output, objectName(relative(folder, path)));
    const error = await buildOne(path, object, flags);
    if (error === undefined) built.objects.push(object);
    else built.failed.push(`${basename(path)}: ${error}`);
  };
  const programs = programsIn(folder, source.programs);
  await Promise.all(Array.from({ length: availableParallelism() }, () => each(programs, work)));
  built.objects.sort();
  return built;
}

/** @param {string} path */
function objectName(path) {
  return `${path.replaceAll('/', '-').replace(/(\.bpf)?\.c$/, '')}.bpf.o`;
}

/**
 * Why it does not build; what this very library has built before is not built again.
 *
 * @param {string} path
 * @param {string} object
 * @param {readonly string[]} flags
 */
async function buildOne(path, object, flags) {
  const { compile } = await import('../../dist/doors/build.js');
  try {
    if (!isNewer(object, library)) writeFileSync(object, (await compile(path, { flags })).object);
    return undefined;
  } catch (error) {
    return /** @type {Error} */ (error).message;
  }
}

const library = join(root, 'dist/doors/build.js');

/**
 * @param {string} path
 * @param {string} other
 */
function isNewer(path, other) {
  return existsSync(path) && statSync(path).mtimeMs > statSync(other).mtimeMs;
}

/**
 * @param {string[]} paths taken from the front until there are none
 * @param {(path: string) => Promise<void>} work
 */
async function each(paths, work) {
  for (let path = paths.shift(); path !== undefined; path = paths.shift()) await work(path);
}

/**
 * @param {string} folder
 * @param {RegExp} wanted
 */
function programsIn(folder, wanted) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath ?? entry.path, entry.name));
  return files.filter(path => wanted.test(relative(folder, path))).sort();
}
