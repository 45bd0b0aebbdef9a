// Gets foreign sources: from Debian's archive, through an apt that sees one release alone, or from folders that the caller names.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { root } from '../../.setup/paths.mjs';
import { debianMirrors, privateApt } from '../../native/deps/debian.mjs';
import { outputOf } from '../vm/output.mjs';

/** @typedef {import('./sources.mjs').ForeignSource} ForeignSource */

/** Delete it to get the newest versions. */
export const cache = join(root, 'build/foreign');

/**
 * The folder of a source, fetched unless it is there.
 *
 * @param {ForeignSource} source
 * @returns {Promise<string>}
 */
export async function folderOf(source) {
  const folder = join(cache, 'sources', source.name.replaceAll(' ', '-'));
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const archives = join(cache, 'archives', source.name.replaceAll(' ', '-'));
  const { archive, inside } = await archiveOf(source, archives);
  await outputOf('tar', ['--extract', '--file', archive, ...membersOf(source, inside)], partial);
  renameSync(partial, folder);
  return folder;
}

/**
 * What tar takes of an archive: the folders that are wanted, below the one that all of it is in.
 *
 * @param {ForeignSource} source
 * @param {string} inside the folder of a copy, empty where the archive is the source itself
 */
function membersOf({ only = [] }, inside) {
  if (inside === '') return ['--strip-components=1', '--wildcards', ...only.map(path => `*/${path}`)];
  return [`--strip-components=${1 + inside.split('/').length}`, '--wildcards', `*/${inside}/*`];
}

/**
 * From the first release that has it and whose archive is there: a mirror may have left out what a release lists. A
 * package with a copy comes after all releases of the source itself.
 *
 * @param {ForeignSource} source
 * @param {string} folder
 */
async function archiveOf(source, folder) {
  const refusals = [];
  for (const { from, inside } of packagesOf(source))
    for (const suite of source.suites) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      try {
        return { archive: await download(from, suite, folder), inside };
      } catch (error) {
        refusals.push(`${from.source ?? from.binary} in ${suite}: ${/** @type {Error} */ (error).message}`);
      }
    }
  throw new Error(refusals.join('; '));
}

/** @param {ForeignSource} source */
function packagesOf({ source, binary, copy, copyFolder = '' }) {
  const own = { from: { ...(source && { source }), ...(binary && { binary }) }, inside: '' };
  return copy === undefined ? [own] : [own, { from: { source: copy }, inside: copyFolder }];
}

/**
 * @param {Pick<ForeignSource, 'source' | 'binary'>} from
 * @param {string} suite
 * @param {string} folder
 */
async function download({ source, binary }, suite, folder) {
  const apt = privateApt(join(cache, 'apt', suite), debianMirrors(), suite, source ? 'deb-src' : 'deb');
  await outputOf('apt-get', [...apt, '--quiet', 'update']);
  if (source) {
    await outputOf('apt-get', [...apt, '--quiet', 'source', '--tar-only', '--download-only', source], folder);
    return join(folder, found(folder, /\.orig\.tar\.\w+$/));
  }
  await outputOf('apt-get', [...apt, '--quiet', 'download', binary ?? ''], folder);
  await outputOf('dpkg-deb', ['--extract', join(folder, found(folder, /\.deb$/)), folder]);
  return join(folder, 'usr/src', found(join(folder, 'usr/src'), /\.tar\.\w+$/));
}

/**
 * @param {string} folder
 * @param {RegExp} name
 */
function found(folder, name) {
  const file = readdirSync(folder).find(each => name.test(each));
  if (file === undefined) throw new Error(`${folder} has nothing like ${name}`);
  return file;
}

/**
 * A checkout that the caller names: its `.bpf.c` files, with headers from its own folders.
 *
 * @param {string} path
 * @returns {ForeignSource}
 */
export function checkoutOf(path) {
  const folder = resolve(path);
  return { name: basename(folder), suites: [], programs: /\.bpf\.c$/, includes: ['', 'include'], least: 1 };
}
