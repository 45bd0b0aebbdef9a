// `npm run package`: the tarball to publish, with its four binaries; prints where it lies.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { billOfMaterials } from './cross/sbom.mjs';
import { prebuildSteps, prebuilds } from './cross/steps.mjs';
import { filesIn, root } from './paths.mjs';
import { prepare } from './prepare.mjs';
import { manifestFields, withAddress } from './repository.mjs';
import { sharesOf } from './shares.mjs';
import { addon, library, npmPackages, sources, tools } from './steps.mjs';
import { reorder } from './tarball.mjs';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const stage = join(root, 'build/package');
const published = ['README.md', 'LICENSE', ...manifest.files].filter(path => existsSync(join(root, path)));
const tarball = `build/${manifest.name}-${manifest.version}.tgz`;
/** Packed; each room that comes reports its share. */
const mostBytes = 4_000_000;

/** @type {import('./steps.mjs').Step} */
const pack = {
  name: 'tarball',
  title: 'make the package',
  inputs: [
    'lib',
    'tsconfig.json',
    '.setup',
    'native',
    'package.json',
    'binding.gyp',
    ...published.filter(path => path !== 'dist'),
  ],
  outputs: [tarball],
  async work(log) {
    layOut();
    await run(log, ['npm', 'pack', '--pack-destination', '..'], { cwd: stage });
    await reorder(log, join(root, tarball), join(root, 'build/reordered'));
    const { size } = statSync(join(root, tarball));
    if (size > mostBytes) throw new Error(`${tarball} has ${size} bytes, ${mostBytes} are allowed`);
  },
};

await prepare(
  ['build', 'bpf', 'package'],
  [npmPackages, addon, library, sources, tools, ...prebuildSteps(), pack],
);
console.log(sharesOf('build/package').join('\n'));
console.log(`${statSync(join(root, tarball)).size} bytes of ${mostBytes} that are allowed`);
console.log(tarball);

/** Of examples, what a reader builds again stays out; of the library, the maps to sources that are not packed. @param {string} path */
function isPublished(path) {
  return /\/dist\/(tools|sources)\//.test(path) || !/\.bpf\.(o|ts)$|\.js\.map$/.test(path);
}

/**
 * The manifest is published without what only a checkout can run. binding.gyp lies beside the sources: in the root
 * it would make npm run `node-gyp rebuild` wherever the package is installed.
 */
function layOut() {
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  for (const path of published)
    cpSync(join(root, path), join(stage, path), { recursive: true, filter: isPublished });
  for (const path of filesIn('build/package/dist', '.js')) forgetMap(join(root, path));
  cpSync(join(root, prebuilds, 'prebuilds'), join(stage, 'prebuilds'), { recursive: true });
  cpSync(join(root, 'binding.gyp'), join(stage, 'native/rebuild.gyp'));
  const { scripts: _, devDependencies, ...kept } = { ...manifest, ...manifestFields() };
  writeJson('package.json', kept);
  writeJson('sbom.cdx.json', billOfMaterials({ ...kept, devDependencies }));
  const readme = join(stage, 'README.md');
  writeFileSync(readme, withAddress(readFileSync(readme, 'utf8')));
}

/** @param {string} name in the package @param {object} value */
function writeJson(name, value) {
  writeFileSync(join(stage, name), `${JSON.stringify(value, null, 2)}\n`);
}

/** Tools that follow a map's address warn where there is none. @param {string} path */
function forgetMap(path) {
  writeFileSync(path, readFileSync(path, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n'));
}
