// What the four binaries are made with and of, each trusted by its pinned hash: one compiler for all targets, Node's
// headers, and the sources of libelf and zlib. All of it lies in build/cross.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fromDebian } from '../../native/deps/debian.mjs';
import { root } from '../paths.mjs';

const pins = JSON.parse(readFileSync(join(root, 'native/deps/cross.json'), 'utf8'));

/** Where everything of the cross build lies. */
export const work = join(root, 'build/cross');

/** Folders of what was unpacked. */
export const folders = {
  zig: join(work, 'zig'),
  node: join(work, 'node'),
  elfutils: join(work, 'elfutils'),
  zlib: join(work, 'zlib'),
};

/** Brings what is missing. */
export function fetchInputs() {
  mkdirSync(work, { recursive: true });
  fetchPackage('zig');
  fetchPackage('node');
  fetchSource('elfutils');
  fetchSource('zlib');
}

/** @param {'zig' | 'node'} name */
function fetchPackage(name) {
  const pin = pins.npm[name];
  unpackOnce(folders[name], () => {
    const pack = ['pack', `${pin.package}@${pin.version}`, '--json', '--pack-destination', work];
    const [{ filename }] = JSON.parse(execFileSync('npm', pack, { encoding: 'utf8', maxBuffer: 64 << 20 }));
    return verified(join(work, filename), 'sha512', pin.integrity.replace(/^sha512-/, ''), 'base64');
  });
}

/** @param {'elfutils' | 'zlib'} name */
function fetchSource(name) {
  const { version, archive, sha256, suites } = pins.debian[name];
  unpackOnce(folders[name], () => {
    const path = fromDebian({ source: name, suites, archive }, version, work);
    return verified(path, 'sha256', sha256, 'hex');
  });
}

/**
 * @param {string} folder
 * @param {() => string} download gives an archive's path
 */
function unpackOnce(folder, download) {
  if (existsSync(folder)) return;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial);
  const archive = download();
  execFileSync('tar', ['-xf', archive, '-C', partial, '--strip-components=1', '--no-same-owner']);
  rmSync(archive);
  renameSync(partial, folder);
}

/**
 * @param {string} path
 * @param {string} algorithm
 * @param {string} expected
 * @param {'hex' | 'base64'} encoding
 */
function verified(path, algorithm, expected, encoding) {
  const found = createHash(algorithm).update(readFileSync(path)).digest(encoding);
  if (found !== expected) throw new Error(`${path} has ${algorithm} ${found}, not ${expected}`);
  return path;
}
