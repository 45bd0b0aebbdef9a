// The machines that a binary is shipped for.

/**
 * @typedef {object} Target
 * @property {string} name as `linux-x64-musl`
 * @property {'x64' | 'arm64'} architecture as `process.arch` names it
 * @property {'glibc' | 'musl'} libc
 * @property {string} triple zig's name of it, with the oldest glibc that it is to load on
 * @property {string} door what the package calls it: `libbpf-ts/addon/linux-x64`
 * @property {string} file where the package keeps it, by prebuildify's names
 */

/** Node itself asks for glibc 2.28. */
export const oldestGlibc = '2.28';

/** @type {Target[]} */
export const targets = [
  target('x64', 'glibc', `x86_64-linux-gnu.${oldestGlibc}`, 'libbpf-ts.glibc.node'),
  target('x64', 'musl', 'x86_64-linux-musl', 'libbpf-ts.musl.node'),
  target('arm64', 'glibc', `aarch64-linux-gnu.${oldestGlibc}`, 'libbpf-ts.armv8.glibc.node'),
  target('arm64', 'musl', 'aarch64-linux-musl', 'libbpf-ts.armv8.musl.node'),
];

/**
 * @param {'x64' | 'arm64'} architecture
 * @param {'glibc' | 'musl'} libc
 * @param {string} triple
 * @param {string} file
 * @returns {Target}
 */
function target(architecture, libc, triple, file) {
  const name = `linux-${architecture}-${libc}`;
  const door = libc === 'glibc' ? `linux-${architecture}` : name;
  return { name, architecture, libc, triple, door, file: `prebuilds/linux-${architecture}/${file}` };
}
