// Node in the versions that we promise, from the registry's packages of its binaries; kept in build/nodes.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

/** By major version; the only place to raise them. */
export const nodeVersions = /** @type {const} */ ({
  20: '20.20.2',
  22: '22.23.3',
  24: '24.21.0',
  26: '26.10.0',
});

/**
 * The path of a Node binary, downloaded on first use.
 *
 * @param {string} version
 * @param {string} [architecture] as `process.arch` names it
 */
export function nodeBinary(version, architecture = process.arch) {
  const folder = join(root, 'build/nodes', `${version}-${architecture}`);
  if (!existsSync(folder)) download(`node-linux-${architecture}@${version}`, folder);
  return join(folder, 'package/bin/node');
}

/**
 * Unpacks beside and renames, so that an interrupted download is not taken for a whole one.
 *
 * @param {string} spec
 * @param {string} folder
 */
function download(spec, folder) {
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const pack = ['pack', spec, '--silent', '--pack-destination', partial];
  const tarball = execFileSync('npm', pack, { encoding: 'utf8' }).trim();
  execFileSync('tar', ['-xzf', `${partial}/${tarball}`, '-C', partial]);
  rmSync(`${partial}/${tarball}`);
  renameSync(partial, folder);
}
