// What the source is checked with: TypeScript by biome and two compilers, C++ and BPF C by clang's tools.
import { readFileSync } from 'node:fs';
import { arch } from 'node:os';
import { dirname, join } from 'node:path';
import { filesIn, root } from './paths.mjs';

/**
 * @typedef {{ title: string, commands: () => string[][], product?: (command: string[]) => import('./stamp.mjs').Product }} Check
 * its commands do not depend on each other; one whose product is fresh passed before and is left out
 */

const projects = ['.', 'test', 'test/types', 'examples', '.setup'];
const cxx = filesIn('native', '.cc');
const c = [...sources('.c'), ...sources('.h')];
const headers = ['examples', 'lib', 'native', 'test'].flatMap(folder => filesIn(folder, '.h'));
const bpf = c.filter(file => file.endsWith('.bpf.c'));

const biome = ['node', 'node_modules/@biomejs/biome/bin/biome', 'check'];
const clangFormat = ['node', 'node_modules/clang-format/index.js'];
/** `ctx` is in every signature and seldom used. */
const strict = ['-Wextra', '-Wno-unused-parameter', '-Werror'];
const clangTidy = ['clang-tidy', '--quiet'];

/** Each folder by itself: a source of another may have the same name. @param {string} folder */
function compilation(folder) {
  const sources = bpf.filter(file => file.startsWith(`${folder}/`));
  return ['node', 'dist/cli/main.js', 'build', '-o', `build/lint/${folder}`, ...sources, '--', ...strict];
}

/** @type {Check[]} */
export const formatters = [
  { title: 'format TypeScript and JSON', commands: () => [[...biome, '--write']] },
  { title: 'format C++ and BPF C', commands: () => [[...clangFormat, '-i', ...cxx, ...c]] },
];

/** @type {Check[]} */
export const checks = [
  { title: 'check TypeScript and JSON with biome', commands: () => [[...biome, '--error-on-warnings']] },
  { title: 'check types with TypeScript 6', commands: () => compilations('typescript') },
  { title: 'check types with TypeScript 7', commands: () => compilations('typescript-7') },
  {
    title: 'check the format of C++ and BPF C',
    commands: () => [[...clangFormat, '--dry-run', '-Werror', ...cxx, ...c]],
  },
  {
    title: 'check BPF C with clang',
    commands: () => ['examples', 'lib', 'test'].map(compilation),
  },
  {
    title: 'check BPF C with clang-tidy',
    commands: () => bpf.map(file => [...clangTidy, file, '--', ...bpfFlags()]),
    product: tidied,
  },
  {
    title: 'check C++ with clang-tidy',
    commands: () => cxx.map(file => [...clangTidy, file, '--', ...cxxFlags()]),
    product: tidied,
  },
];

/**
 * clang-tidy takes seconds for each file: what it found nothing in is left alone until the file or a header changes.
 *
 * @param {readonly string[]} command
 */
function tidied([, , file = '']) {
  const inputs = [file, ...headers, '.clang-tidy', '.setup/checks.mjs', 'native/deps/libbpf.json'];
  return { name: `tidy-${file.replaceAll('/', '-')}`, inputs, outputs: [] };
}

/** @param {string} ending */
function sources(ending) {
  return ['examples', 'lib', 'native', 'test'].flatMap(folder => filesIn(folder, ending));
}

/** @param {string} compiler */
function compilations(compiler) {
  return projects.map(project => ['node', `node_modules/${compiler}/bin/tsc`, '--noEmit', '-p', project]);
}

function bpfFlags() {
  const target = { x64: 'x86' }[arch()] ?? arch();
  const cpu = { x64: 'x86_64', arm64: 'aarch64' }[arch()] ?? arch();
  const folders = ['build/vmlinux', 'build/include', 'native/include'].flatMap(folder => [
    '-isystem',
    folder,
  ]);
  // usdt.bpf.h wants errno.h, which Debian keeps in a folder for each processor.
  return [
    '-target',
    'bpf',
    `-D__TARGET_ARCH_${target}`,
    ...folders,
    '-idirafter',
    `/usr/include/${cpu}-linux-gnu`,
  ];
}

function cxxFlags() {
  const { addon_defines, addon_standard } = listsIn('native/addon.gypi');
  const node = join(dirname(dirname(process.execPath)), 'include/node');
  const libbpf = `build/deps/libbpf-${JSON.parse(textOf('native/deps/libbpf.json')).version}`;
  const folders = ['node_modules/node-addon-api', node, `${libbpf}/src`, `${libbpf}/include/uapi`];
  const defines = addon_defines.map((/** @type {string} */ name) => `-D${name}`);
  return [`-std=c++${addon_standard}`, ...defines, ...folders.flatMap(folder => ['-isystem', folder])];
}

/** @param {string} file */
function listsIn(file) {
  return JSON.parse(textOf(file)).variables;
}

/** @param {string} file */
function textOf(file) {
  return readFileSync(join(root, file), 'utf8');
}
