// What a binary must be before it is packed, as binutils see it: it shows its entry alone, asks for nothing that Node,
// libuv or its C library lacks, and loads on the oldest glibc that Node itself runs on.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { libcExports } from './libc-exports.mjs';
import { oldestGlibc } from './targets.mjs';

const entries = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];
/** Runtimes of C alone: libc++ and libelf are inside. */
const runtimes = /^(lib(c|dl|pthread)\.so(\.\d+)?|ld-linux.*\.so\.\d+)$/;
/** Weak, and defined by programs that are profiled. */
const optional = ['__gmon_start__'];

/**
 * @param {import('./targets.mjs').Target} target
 * @param {string} folder that has the package's prebuilds
 * @returns {string[]} what is wrong, one line each
 */
export function faultsOf(target, folder) {
  const addon = join(folder, target.file);
  const headers = output('readelf', '--wide', '--dynamic', '--program-headers', addon);
  return [
    ...differences('exports', namesIn(output('nm', '-D', '--defined-only', addon)), entries),
    ...libraries(headers)
      .filter(name => !runtimes.test(name))
      .map(name => `needs ${name}`),
    ...missing(addon, target).map(name => `asks for ${name}, which nothing brings`),
    ...newerVersions(addon).map(version => `asks for GLIBC_${version}, and ${oldestGlibc} is the oldest`),
    // A thread-local of its own would be a second errno: zig 0.11 has one for fstat() of old glibc.
    ...['TEXTREL', 'STATIC_TLS'].filter(flag => headers.includes(flag)).map(flag => `has ${flag}`),
    ...(/GNU_STACK .* RW /.test(headers) ? [] : ['has an executable stack']),
  ].map(fault => `${target.file} ${fault}`);
}

/**
 * @param {string} what
 * @param {readonly string[]} found
 * @param {readonly string[]} expected
 */
function differences(what, found, expected) {
  const same = [...found].sort().join() === [...expected].sort().join();
  return same ? [] : [`${what} ${found.join(', ')} instead of ${expected.join(', ')}`];
}

/** @param {string} headers */
function libraries(headers) {
  return Array.from(headers.matchAll(/\(NEEDED\).*\[(.*?)\]/g), ([, name = '']) => name);
}

/**
 * Node's part against this Node; the C library's against that library itself.
 *
 * @param {string} addon
 * @param {import('./targets.mjs').Target} target
 */
function missing(addon, target) {
  const node = namesIn(output('nm', '-D', '--defined-only', process.execPath));
  const brought = new Set([
    ...node.filter(name => /^(napi|uv)_/.test(name)),
    ...libcExports(target),
    ...optional,
  ]);
  return namesIn(output('nm', '-D', '--undefined-only', addon)).filter(name => !brought.has(name));
}

/** @param {string} addon */
function newerVersions(addon) {
  const asked = output('readelf', '--wide', '--version-info', addon).matchAll(/\bGLIBC_([\d.]+)/g);
  return [...new Set(Array.from(asked, ([, version = '']) => version))].filter(
    version => number(version) > number(oldestGlibc),
  );
}

/**
 * `2.28` as 2_028_000, so that versions compare as numbers.
 *
 * @param {string} version
 */
function number(version) {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return (major * 1000 + minor) * 1000 + patch;
}

/** @param {string} table of nm, whose names may end in a version */
export function namesIn(table) {
  const names = table
    .trim()
    .split('\n')
    .map(line => (line.split(' ').at(-1) ?? '').replace(/@.*$/, ''));
  return [...new Set(names)];
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
export function output(command, ...args) {
  return execFileSync(command, args, { encoding: 'utf8', maxBuffer: 64 << 20 });
}
