// A kernel that can be booted: fetched, unpacked, its modules indexed; kept in the cache until that is deleted.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { metaPackage } from './kernels.mjs';
import { outputOf } from './output.mjs';
import { cache } from './paths.mjs';
import { Suite } from './suite.mjs';

/** @typedef {import('./kernels.mjs').Kernel} Kernel */

/** What a kernel takes while it is unpacked, in bytes. */
const room = 600e6;

export class KernelImage {
  /** @param {Kernel} kernel */
  constructor(kernel) {
    this.kernel = kernel;
    this.folder = join(cache, 'kernels', kernel.name);
  }

  get present() {
    return existsSync(this.folder);
  }

  /** The point release, as `uname -r` gives it. */
  get release() {
    const [release] = readdirSync(join(this.folder, 'lib/modules'));
    if (release === undefined)
      throw new Error(`${this.folder} has no kernel: delete it, then run this again`);
    return release;
  }

  /** Without links on the way, which a guest would follow in its first root file system. */
  get modules() {
    return realpathSync(join(this.folder, 'lib/modules', this.release));
  }

  get vmlinuz() {
    return this.#oneOf(`boot/vmlinuz-${this.release}`, `lib/modules/${this.release}/vmlinuz`);
  }

  /** Its files outside of the modules, as its configuration; empty where it has none. */
  get boot() {
    const path = join(this.folder, 'boot');
    return existsSync(path) ? realpathSync(path) : '';
  }

  get busybox() {
    return join(this.folder, 'bin/busybox');
  }

  /** @param {import('../../.setup/progress.mjs').Log} log */
  async fetch(log) {
    checkRoom();
    const partial = `${this.folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    await this.#unpack(partial, log);
    if (existsSync(join(partial, 'usr/lib/modules'))) mergeUsr(partial);
    const [release = ''] = readdirSync(join(partial, 'lib/modules'));
    await outputOf('depmod', ['-b', partial, release]);
    rmSync(join(partial, 'archives'), { recursive: true });
    renameSync(partial, this.folder);
  }

  /**
   * @param {string} folder
   * @param {import('../../.setup/progress.mjs').Log} log
   */
  async #unpack(folder, log) {
    const reasons = [];
    for (const name of this.kernel.suites) {
      try {
        return await unpackFrom(new Suite(name, this.kernel.architecture), this.kernel, folder, log);
      } catch (error) {
        reasons.push(`${name}: ${/** @type {Error} */ (error).message}`);
      }
    }
    throw new Error(
      `Debian's package ${metaPackage(this.kernel)} could not be had from ${reasons.join('; from ')}`,
    );
  }

  /** @param {string[]} paths */
  #oneOf(...paths) {
    const path = paths.map(path => join(this.folder, path)).find(path => existsSync(path));
    if (path === undefined) throw new Error(`${this.folder} has none of ${paths.join(', ')}`);
    return path;
  }
}

/**
 * @param {Suite} suite
 * @param {Kernel} kernel
 * @param {string} folder
 * @param {import('../../.setup/progress.mjs').Log} log
 */
async function unpackFrom(suite, kernel, folder, log) {
  log.write(`read the package lists of ${suite.name}\n`);
  await suite.update();
  const packages = await suite.dependencies(metaPackage(kernel), /^linux-(image|binary|modules|base)-\d/);
  if (packages.length === 0) throw new Error('it names no kernel');
  log.write(`download ${packages.join(' ')}\n`);
  await suite.unpack([...packages, 'busybox-static'], folder);
}

/**
 * Newer packages have their modules below /usr, where kmod does not look for them.
 *
 * @param {string} folder
 */
function mergeUsr(folder) {
  rmSync(join(folder, 'lib'), { recursive: true, force: true });
  symlinkSync('usr/lib', join(folder, 'lib'));
  if (!existsSync(join(folder, 'bin'))) symlinkSync('usr/bin', join(folder, 'bin'));
}

function checkRoom() {
  mkdirSync(cache, { recursive: true });
  const { bavail, bsize } = statfsSync(cache);
  const missing = room - bavail * bsize;
  if (missing > 0) throw new Error(`${cache} has no room for it: free ${Math.ceil(missing / 1e6)} MB first`);
}
