// Builds the addon from the sources in this folder, for machines that the package has no binary for. `libbpf-ts rebuild`
// calls it; nothing else does, above all no install.
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const sources = fileURLToPath(new URL('.', import.meta.url));
/** npm packages that the build takes; the application that wants it has them for as long as it builds. */
const tools = ['prebuildify', 'node-gyp', 'node-addon-api'];

/**
 * @param {{ target: string, libbpf?: string | undefined }} options `target`: where the binary goes; `libbpf`: a folder
 *   of its unpacked source, instead of the pinned one, which is fetched
 * @returns {Promise<void>} rejects with what is missing, or with what failed
 */
export async function rebuild({ target, libbpf }) {
  const found = tools.map(name => [name, folderOf(name)]);
  const missing = found.filter(([, folder]) => folder === undefined).map(([name]) => name);
  if (missing.length > 0)
    throw new Error(`${missing.join(', ')} not found: npm install --no-save ${missing.join(' ')}`);
  const work = mkdtempSync(join(tmpdir(), 'libbpf-ts-rebuild-'));
  try {
    layOut(work, /** @type {[string, string][]} */ (found));
    await build(work, libbpf);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(work, binaryIn(work)), target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @param {string} name */
function folderOf(name) {
  for (const from of [join(process.cwd(), '-'), import.meta.url]) {
    try {
      const manifest = createRequire(from.startsWith('file:') ? from : pathToFileURL(from)).resolve(
        `${name}/package.json`,
      );
      return dirname(manifest);
    } catch {
      // It may lie where the next one looks.
    }
  }
  return undefined;
}

/**
 * @param {string} work
 * @param {readonly [string, string][]} packages
 */
function layOut(work, packages) {
  cpSync(sources, join(work, 'native'), { recursive: true });
  const recipe = join(work, 'native/rebuild.gyp');
  cpSync(existsSync(recipe) ? recipe : join(sources, '../binding.gyp'), join(work, 'binding.gyp'));
  writeFileSync(join(work, 'package.json'), '{ "name": "libbpf-ts", "version": "0.0.0" }\n');
  mkdirSync(join(work, 'node_modules'));
  for (const [name, folder] of packages) symlinkSync(folder, join(work, 'node_modules', name));
}

/**
 * @param {string} work
 * @param {string | undefined} libbpf
 */
function build(work, libbpf) {
  const prebuildify = join(work, 'node_modules/prebuildify/bin.js');
  const nodeGyp = join(work, 'node_modules/node-gyp/bin/node-gyp.js');
  const args = [
    prebuildify,
    '--napi',
    '--strip',
    `--target=node@${process.version}`,
    `--node-gyp=${nodeGyp}`,
  ];
  const prefix = dirname(dirname(process.execPath));
  const env = {
    ...process.env,
    npm_config_jobs: 'max',
    // Headers that came with Node need not be fetched.
    ...(existsSync(join(prefix, 'include/node/node.h')) && { npm_config_nodedir: prefix }),
    ...(libbpf !== undefined && { LIBBPF_SRC_DIR: resolve(libbpf) }),
  };
  const child = spawn(process.execPath, args, { cwd: work, env, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code, signal) => {
      if (code === 0) done(undefined);
      else
        failed(
          new Error(
            `the build ended with ${signal ?? `exit code ${code}`}; what it takes: a C++ compiler, make, python3, libelf.a, libz.a`,
          ),
        );
    });
  });
}

/** @param {string} work */
function binaryIn(work) {
  const names = readdirSync(join(work, 'prebuilds'), { recursive: true, encoding: 'utf8' });
  const [name] = names.filter(each => each.endsWith('.node'));
  if (name === undefined) throw new Error('the build left no binary');
  return join('prebuilds', name);
}
