// `npm run package`: the tarball to publish, its prebuilt addon inside; prints where it lies.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { root } from './paths.mjs';
import { prepare } from './prepare.mjs';
import { addon, library, nodeGypOptions, npmPackages } from './steps.mjs';

const { name, version, files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const libbpf = JSON.parse(readFileSync(join(root, 'native/deps/libbpf.json'), 'utf8'));
const stage = join(root, 'build/package');
const published = ['package.json', 'README.md', 'LICENSE', ...files].filter(path =>
  existsSync(join(root, path)),
);

/** @type {import('./steps.mjs').Step} */
const tarball = {
  name: 'tarball',
  title: 'make the package',
  inputs: ['lib', 'tsconfig.json', '.setup', ...published.filter(path => path !== 'dist')],
  outputs: [`build/${name}-${version}.tgz`],
  async work(log) {
    layOut();
    const archive = join(root, `build/deps/libbpf-${libbpf.version}.tar.gz`);
    const options = { cwd: stage, env: { ...nodeGypOptions(), LIBBPF_SRC_ARCHIVE: archive } };
    const prebuildify = [
      'node',
      'node_modules/prebuildify/bin.js',
      '--napi',
      '--strip',
      '--tag-libc',
      '--tag-armv',
    ];
    await run(log, [...prebuildify, `--target=node@${process.version}`], options);
    await run(log, ['npm', 'pack', '--pack-destination', '..'], options);
  },
};

await prepare(['build'], [npmPackages, addon, library, tarball]);
console.log(tarball.outputs[0]);

/** prebuildify empties the build folder that it finds, so it gets a copy of what is published. */
function layOut() {
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  for (const path of published) cpSync(join(root, path), join(stage, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(stage, 'node_modules'));
}
