// What a binary is compiled from: libelf, zlib, libbpf and the addon, each source with its flags. The lists are those
// of the other builders and of elfutils itself.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.mjs';
import { folders, work } from './inputs.mjs';

/** @typedef {{ source: string, flags: string[] }} Unit */

const shim = join(work, 'libelf-configuration');
const elfHeaders = join(work, 'libelf-headers');

/**
 * What elfutils' configure would find, as far as libelf asks: no translations, no zstd, no locks.
 * musl has no rawmemchr().
 */
const configuration = `#define HAVE_VISIBILITY 1
#define HAVE_FALLTHROUGH 1
#define HAVE_ERR_H 1
#define HAVE_DECL_POWEROF2 1
#ifdef __GLIBC__
#define HAVE_DECL_RAWMEMCHR 1
#endif
#define HAVE_DECL_MEMPCPY 1
#define HAVE_DECL_MEMRCHR 1
#define HAVE_DECL_REALLOCARRAY 1
#define PACKAGE "elfutils"
#define PACKAGE_VERSION "0"
#include <eu-config.h>
`;

/** Every source of one binary. */
export function units() {
  writeConfiguration();
  return [...zlibUnits(), ...libelfUnits(), ...libbpfUnits(), ...addonUnits()];
}

function writeConfiguration() {
  mkdirSync(shim, { recursive: true });
  writeFileSync(join(shim, 'config.h'), configuration);
  writeFileSync(join(shim, 'libintl.h'), '#define dgettext(domain, text) (text)\n');
  // libbpf sees these three alone: elfutils' other headers have names that libbpf uses as well.
  for (const name of ['libelf.h', 'gelf.h', 'elf.h'])
    cpSync(join(folders.elfutils, 'libelf', name), join(elfHeaders, name));
}

/** gz*.c too: libbpf reads /proc/config.gz. */
function zlibUnits() {
  const names = readdirSync(folders.zlib).filter(name => name.endsWith('.c'));
  return unitsOf(folders.zlib, names.sort(), ['-DHAVE_UNISTD_H', '-DHAVE_HIDDEN', `-I${folders.zlib}`]);
}

function libelfUnits() {
  const makefile = readFileSync(join(folders.elfutils, 'libelf/Makefile.am'), 'utf8');
  const list = /libelf_a_SOURCES = ((?:.*\\\n)*.*)/.exec(makefile)?.[1] ?? '';
  const own = ['-D_GNU_SOURCE', '-D_FILE_OFFSET_BITS=64', '-DHAVE_CONFIG_H', `-I${shim}`];
  const folder = (/** @type {string} */ name) => join(folders.elfutils, name);
  const flags = [...own, `-I${folder('libelf')}`, `-I${folder('lib')}`, `-I${folders.zlib}`];
  const search = existsSync(folder('lib/eu-search.c')) ? unitsOf(folder('lib'), ['eu-search.c'], flags) : [];
  return [...unitsOf(folder('libelf'), list.match(/\w+\.c/g) ?? [], flags), ...search];
}

/** Without elf_error.c, which a distribution's libelf.a needs; this libelf is compiled for a shared object. */
function libbpfUnits() {
  const { libbpf_sources: sources, libbpf_defines: defines } = variables('native/deps/libbpf.gypi');
  const folder = libbpfFolder();
  const names = sources
    .filter((/** @type {string} */ name) => name !== 'native/deps/elf_error.c')
    .map((/** @type {string} */ name) => name.replace('<(libbpf_dir)', folder));
  const include = ['src', 'include', 'include/uapi'].map(name => `-I${folder}/${name}`);
  return unitsOf(root, names, [...define(defines), ...include, `-I${elfHeaders}`, `-I${folders.zlib}`]);
}

function addonUnits() {
  const {
    addon_sources: sources,
    addon_defines: defines,
    addon_standard: standard,
  } = variables('native/addon.gypi');
  const headers = [join(folders.node, 'include/node'), join(root, 'node_modules/node-addon-api')];
  const system = headers.map(path => `-isystem${path}`);
  // Before the system's folders: zig's own kernel headers are older than libbpf's.
  const libbpf = ['src', 'include/uapi'].map(name => `-I${join(root, libbpfFolder(), name)}`);
  const flags = [
    'c++',
    `-std=c++${standard}`,
    '-fno-exceptions',
    '-Wall',
    '-Wextra',
    '-Wno-missing-field-initializers',
  ];
  return sources.map((/** @type {string} */ name) => {
    return { source: join(root, name), flags: [...flags, ...define(defines), ...system, ...libbpf] };
  });
}

/** From the root, so that no path of this machine is compiled in. */
function libbpfFolder() {
  const { version } = JSON.parse(readFileSync(join(root, 'native/deps/libbpf.json'), 'utf8'));
  return `build/deps/libbpf-${version}`;
}

/**
 * @param {string} folder
 * @param {readonly string[]} names
 * @param {readonly string[]} flags
 * @returns {Unit[]}
 */
function unitsOf(folder, names, flags) {
  return names.map(name => ({ source: join(folder, name), flags: ['cc', '-std=gnu11', '-w', ...flags] }));
}

/** @param {readonly string[]} names */
function define(names) {
  return names.map(name => `-D${name}`);
}

/** @param {string} file */
function variables(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8')).variables;
}
