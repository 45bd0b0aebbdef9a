// Bundles main.ts, puts bundle and addon into a copy of Node: `node build.mjs OUT`. Takes esbuild and postject.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const [out = join(here, 'out/app')] = process.argv.slice(2);
const folder = dirname(out);
mkdirSync(folder, { recursive: true });

/**
 * @param {string} command
 * @param {string[]} args
 */
const run = (command, args) => execFileSync(command, args, { stdio: 'inherit' });

const bundle = ['--bundle', '--platform=node', '--format=cjs', '--log-level=error'];
run('esbuild', [join(here, 'main.ts'), ...bundle, `--outfile=${join(folder, 'app.cjs')}`]);

// The binary for the machine that builds: glibc here, musl on Alpine.
const package_ = dirname(createRequire(join(process.cwd(), 'x.js')).resolve('libbpf-ts/package.json'));
const addon = { x64: 'linux-x64/libbpf-ts.glibc.node', arm64: 'linux-arm64/libbpf-ts.armv8.glibc.node' }[
  process.arch
];
const configuration = {
  main: join(folder, 'app.cjs'),
  output: join(folder, 'app.blob'),
  disableExperimentalSEAWarning: true,
  assets: { 'libbpf-ts.node': join(package_, 'prebuilds', String(addon)) },
};
writeFileSync(join(folder, 'sea.json'), JSON.stringify(configuration));
run(process.execPath, ['--experimental-sea-config', join(folder, 'sea.json')]);

copyFileSync(process.execPath, out);
chmodSync(out, 0o755);
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
run('postject', [out, 'NODE_SEA_BLOB', configuration.output, '--sentinel-fuse', fuse]);
console.log(out);
