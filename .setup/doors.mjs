// The public doors of the package: `lib/index.ts` is `libbpf-ts`, each file in `lib/doors` is `libbpf-ts/NAME`, and so is
// each room above them, which uses doors itself. The manifest's exports, the bundles and the texts of `test/api` follow
// from this list.
import { basename } from 'node:path';
import { targets } from './cross/targets.mjs';
import { filesIn } from './paths.mjs';

/**
 * @typedef {object} Door
 * @property {string} name `index`, `btf`
 * @property {string} subpath as the manifest has it: `.`, `./btf`
 * @property {string} built its place in `dist`, without an ending: `index`, `doors/btf`
 */

/** Rooms that are built on doors alone: each has one of its own. */
export const roomsAbove = [
  'symbols',
  'plot',
  'containers',
  'profile',
  'trace',
  'processes',
  'telemetry',
  'tool',
];

/** @type {readonly Door[]} */
export const doors = [
  { name: 'index', subpath: '.', built: 'index' },
  ...filesIn('lib/doors', '.ts').map(file => {
    const name = basename(file, '.ts');
    return { name, subpath: `./${name}`, built: `doors/${name}` };
  }),
  ...roomsAbove.map(name => ({ name, subpath: `./${name}`, built: `${name}/index` })),
];

/** What `exports` of package.json must be. Node takes `module-sync` for `require` too, so that both see one instance. */
export function packageExports() {
  const libraries = doors.map(({ subpath, built }) => [subpath, conditionsOf(`./dist/${built}`)]);
  const addons = targets.map(({ door }) => [`./addon/${door}`, fileOf(`./dist/addon/${door}`, 'cts', 'cjs')]);
  return Object.fromEntries([...libraries, ...addons, ['./package.json', './package.json']]);
}

/** @param {string} path */
function conditionsOf(path) {
  const module = fileOf(path, 'ts', 'js');
  return { 'module-sync': module, import: module, require: fileOf(path, 'cts', 'cjs') };
}

/**
 * @param {string} path
 * @param {string} types the ending of its declarations
 * @param {string} code
 */
function fileOf(path, types, code) {
  return { types: `${path}.d.${types}`, default: `${path}.${code}` };
}
