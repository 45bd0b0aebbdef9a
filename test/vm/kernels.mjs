// The kernels that the tests run on: Debian's, found through their meta package, for each point release renames them.

/**
 * @typedef {object} Kernel
 * @property {string} name the version that people know it by
 * @property {readonly string[]} suites the Debian releases that may have it; the first that has one is taken
 * @property {'amd64' | 'arm64'} architecture
 * @property {string} cpu QEMU's processor model
 * @property {string} [flavour] of the package; if not given the one for virtual machines: a third of the size, with
 * all of BPF, and virtiofs
 */

/** Registers of 32 bytes are emulated by calls: without them a test run takes a fifth less of the processor. */
const withoutAvx = 'max,avx=off,avx2=off';

/**
 * QEMU 7.2 spoils the flags after cmpxchg16b, which the memory allocator of these kernels then dies of at random.
 * From 6.18 on kernels need that instruction (kmalloc_nolock), and are hardly ever hit.
 */
const withoutCx16 = `${withoutAvx},cx16=off`;

const architecture = 'amd64';

/** @type {readonly Kernel[]} */
export const kernels = [
  { name: '5.10', suites: ['bullseye'], architecture, cpu: withoutCx16 },
  { name: '6.1', suites: ['bookworm'], architecture, cpu: withoutCx16 },
  { name: '6.12', suites: ['trixie'], architecture, cpu: withoutCx16 },
  { name: '7.2', suites: ['sid', 'trixie-backports'], architecture, cpu: withoutAvx },
];

/** It has pages of 16 KiB, and atomic instructions in arenas, both of which older models lack. */
const trixie = /** @type {const} */ ({ suites: ['trixie'], architecture: 'arm64', cpu: 'cortex-a76' });

/** With programs of their own: none of those that every test runs on. Debian has no kernel with pages of 64 KiB. */
export const arm64 = /** @satisfies {readonly (Kernel & { pageSize: number })[]} */ (
  /** @type {const} */ ([
    { ...trixie, name: '6.12-arm64', pageSize: 4096 },
    { ...trixie, name: '6.12-arm64-16k', pageSize: 16_384, flavour: 'arm64-16k' },
  ])
);

/**
 * The package that depends on those of the newest point release.
 *
 * @param {Kernel} kernel
 */
export function metaPackage({ architecture, flavour = `cloud-${architecture}` }) {
  return `linux-image-${flavour}`;
}

/**
 * @param {string} name
 * @returns {Kernel}
 * @throws {Error} that lists the kernels there are
 */
export function kernelNamed(name) {
  const kernel = kernels.find(kernel => kernel.name === name);
  if (kernel === undefined) throw new Error(`There is no kernel ${name} here; there are ${names()}.`);
  return kernel;
}

/** The names of all kernels, as a list to read. */
export function names() {
  return kernels.map(({ name }) => name).join(', ');
}
