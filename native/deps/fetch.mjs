// Brings libbpf's pinned source to build/deps and prints where it lies; both builders call it.
// What is downloaded is trusted by its hash alone, so any place that has the archive will do.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromDebian } from './debian.mjs';
import { correct, digest } from './libbpf-patch.mjs';

const pin = JSON.parse(readFileSync(new URL('libbpf.json', import.meta.url), 'utf8'));
const root = fileURLToPath(new URL('../..', import.meta.url));
const build = join(root, 'build');
const deps = join(build, 'deps');
const archive = join(deps, `libbpf-${pin.version}.tar.gz`);
/** A folder that the caller has unpacked; it stays as it is, behind a link, for gyp takes no absolute paths. */
const given = process.env.LIBBPF_SRC_DIR;
const folder = join(deps, given === undefined ? `libbpf-${pin.version}` : 'libbpf-given');
/** Says by which corrections the source was changed. */
const stamp = join(folder, '.corrections');
/** What BPF programs include; the rest of libbpf's headers is for loaders. */
const headers = [
  'bpf_core_read.h',
  'bpf_endian.h',
  'bpf_helper_defs.h',
  'bpf_helpers.h',
  'bpf_tracing.h',
  'usdt.bpf.h',
];

/** @type {Record<string, () => string | Promise<string>>} */
const places = {
  'the file that LIBBPF_SRC_ARCHIVE names': () => process.env.LIBBPF_SRC_ARCHIVE ?? fail('not set'),
  [`an earlier download in ${deps}`]: () => archive,
  "Debian's source package": () => fromDebian(pin.debian, pin.version, deps),
  [pin.url]: fromUpstream,
};

if (given !== undefined) link(given);
else if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== digest) await fetchLibbpf();
layOutHeaders();
console.log(relative(root, folder));

async function fetchLibbpf() {
  mkdirSync(deps, { recursive: true });
  const reasons = [];
  for (const [place, find] of Object.entries(places)) {
    try {
      return unpack(verified(await find()));
    } catch (error) {
      reasons.push(`  ${place}: ${firstLine(error)}`);
    }
  }
  console.error(`libbpf ${pin.version} could not be had; tried\n${reasons.join('\n')}`);
  console.error('Download it elsewhere and set LIBBPF_SRC_ARCHIVE to the file.');
  process.exit(1);
}

async function fromUpstream() {
  const response = await fetch(pin.url);
  if (!response.ok) fail(`HTTP status ${response.status}`);
  const path = join(deps, 'upstream.tar.gz');
  writeFileSync(path, Buffer.from(await response.arrayBuffer()));
  return path;
}

/** @param {string} path */
function verified(path) {
  const bytes = readFileSync(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== pin.sha256) fail(`${path} has SHA-256 ${sha256}, not ${pin.sha256}`);
  writeFileSync(archive, bytes);
  return archive;
}

/** @param {string} path */
function unpack(path) {
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial);
  execFileSync('tar', ['-xzf', path, '-C', partial, '--strip-components=1']);
  correct(partial);
  writeFileSync(join(partial, basename(stamp)), digest);
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
}

/** @param {string} path */
function link(path) {
  if (!existsSync(join(path, 'src/libbpf.c'))) {
    console.error(`LIBBPF_SRC_DIR: there is no src/libbpf.c in ${path}`);
    process.exit(1);
  }
  mkdirSync(deps, { recursive: true });
  rmSync(folder, { force: true });
  symlinkSync(resolve(path), folder);
}

function layOutHeaders() {
  const include = join(build, 'include', 'bpf');
  for (const name of headers) cpSync(join(folder, 'src', name), join(include, name));
}

/**
 * @param {string} reason
 * @returns {never}
 */
function fail(reason) {
  throw new Error(reason);
}

/** @param {unknown} error */
function firstLine(error) {
  const { message, cause } = /** @type {{ message: string, cause?: Error }} */ (error);
  return [message.split('\n')[0], cause?.message].filter(Boolean).join(', ');
}
