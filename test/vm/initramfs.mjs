// The guest's first root file system: busybox, the modules that reach the host's files, and what to run there.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { archiveOf, executable } from './archive.mjs';
import { outputOf } from './output.mjs';

/** @typedef {import('./kernel-image.mjs').KernelImage} KernelImage */

const execute = promisify(execFile);
const modules = ['virtio_pci', 'virtio_console', 'virtiofs', 'overlay'];
const init = readFileSync(new URL('init', import.meta.url));

/**
 * @param {KernelImage} image
 * @param {Readonly<Record<string, string>>} settings shell variables of the init script
 * @param {string} script what it runs
 */
export async function initramfs(image, settings, script) {
  const loaded = await moduleFiles(image);
  const names = loaded.map(({ path }) => `/${path}\n`).join('');
  return archiveOf([
    { path: 'bin' },
    { path: 'bin/busybox', bytes: readFileSync(image.busybox), mode: executable },
    { path: 'init', bytes: init, mode: executable },
    { path: 'modules' },
    ...loaded,
    { path: 'modules.list', bytes: names },
    { path: 'settings', bytes: Object.entries(settings).map(assignment).join('') },
    { path: 'script', bytes: script },
  ]);
}

/**
 * The modules in the order to load them; those that are built into the kernel are left out.
 *
 * @param {KernelImage} image
 */
async function moduleFiles({ folder, release }) {
  const options = ['-d', folder, '-S', release, '--show-depends'];
  const lines = await Promise.all(modules.map(name => outputOf('modprobe', [...options, name])));
  const files = lines.join('').matchAll(/^insmod (\S+)/gm);
  const paths = new Set(Array.from(files, ([, path = '']) => path));
  return Promise.all(Array.from(paths, async path => ({ path: nameOf(path), bytes: await contentOf(path) })));
}

/** @param {string} path */
function nameOf(path) {
  return `modules/${basename(path, '.xz')}`;
}

/** @param {string} path */
async function contentOf(path) {
  if (!path.endsWith('.xz')) return readFileSync(path);
  const { stdout } = await execute('xz', ['-dc', path], { encoding: 'buffer', maxBuffer: 1 << 26 });
  return stdout;
}

/** @param {[string, string]} variable */
function assignment([name, value]) {
  return `${name}=${quoted(value)}\n`;
}

/**
 * A word that the shell takes as it is.
 *
 * @param {string} word
 */
export function quoted(word) {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
