/** Where the addon is: named by the application, built in this package's folder, or shipped for this machine. */
import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { argumentError, requireText } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import { runningLibc } from '../host/libc.js';
import { findPackage, ownFile, packageName, requireHere } from '../package.js';

/** A file to load, or what a bundler has loaded already. */
type AddonSource = string | object;

/** Doors of one binary, as `libbpf-ts/addon/linux-x64`, leave it here; it outlives copies of this file. */
const carried = Symbol.for('libbpf-ts.addon');

let named: string | undefined;

/**
 * Names the file of the addon, where an application carries it by itself. Call it before anything is opened; the
 * environment variable `LIBBPF_TS_ADDON` does the same.
 *
 * @param path - of a `.node` file; relative to the current folder
 * @throws BpfError `ERR_BPF_ARGUMENT` where there is no such file
 *
 * @example
 * ```ts
 * setAddonPath('/opt/app/libbpf-ts.glibc.node');
 * ```
 */
export function setAddonPath(path: string): void {
  requireText('setAddonPath()', 'path', path);
  named = existing(path, 'setAddonPath()');
}

/**
 * The addon, or its file.
 *
 * @throws BpfError `ERR_BPF_ADDON` where there is none for this machine
 */
export function findAddon(): AddonSource {
  const { LIBBPF_TS_ADDON: variable } = process.env;
  if (named !== undefined) return named;
  if (variable) return existing(variable, 'LIBBPF_TS_ADDON');
  const { [carried]: brought } = globalThis as { [carried]?: AddonSource };
  const beside = typeof brought === 'string' ? resolveBeside(brought) : brought;
  if (beside !== undefined) return beside;
  const folder = findPackage();
  if (folder === undefined) throw bundled();
  return localBuild(fileURLToPath(folder)) ?? shippedAddon(folder);
}

/**
 * A bundler that copies files gives their names, as seen from the bundle: from this part of it, or from the file that runs.
 * Undefined where the file is not there, as in a server that serves an application from its sources.
 */
function resolveBeside(path: string): string | undefined {
  if (isAbsolute(path)) return path;
  const files = [ownFile(), pathToFileURL(process.argv[1] ?? '').href];
  return files.map(file => fileURLToPath(new URL(path, file))).find(file => existsSync(file));
}

/** A checkout's, or another that the variable of node-gyp-build names. */
function localBuild(folder: string): string | undefined {
  if (!existsSync(`${folder}build/Release`) && process.env.LIBBPF_TS_PREBUILD === undefined) return undefined;
  try {
    return requireHere()('node-gyp-build').resolve(folder) as string;
  } catch (cause) {
    throw failure((cause as Error).message.split('\n')[0] ?? '', 'from a checkout: npm run build', cause);
  }
}

function shippedAddon(folder: URL): string {
  const file = fileURLToPath(shippedFile(folder));
  if (existsSync(file)) return file;
  const reason = `this package has no binary for ${process.platform}-${process.arch} with ${runningLibc()}`;
  throw failure(reason, 'build one from the sources in the package: npx libbpf-ts rebuild');
}

/**
 * Where the package keeps the binary for this process, by prebuildify's names. node-gyp-build would take a glibc binary
 * on musl where there is no /etc/alpine-release.
 */
export function shippedFile(folder: URL): URL {
  return fileOfMachine(folder, process.platform, process.arch, runningLibc());
}

/**
 * The addon's file for a machine by the name of its door, as `linux-x64` or `linux-arm64-musl`; for this one without.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for one that the package has no binary for; `ERR_BPF_ADDON` as {@link findAddon}
 */
export function addonFile(machine?: string): string {
  if (machine === undefined) return String(findAddon());
  const [platform = '', arch = '', libc = 'glibc'] = machine.split('-');
  const folder = findPackage();
  const file = folder && fileURLToPath(fileOfMachine(folder, platform, arch, libc));
  if (file !== undefined && existsSync(file)) return file;
  throw argumentError(`find the addon for ${machine}`, 'the package has no binary for that machine');
}

function fileOfMachine(folder: URL, platform: string, arch: string, libc: string): URL {
  const version = arch === 'arm64' ? '.armv8' : '';
  return new URL(`prebuilds/${platform}-${arch}/${packageName}${version}.${libc}.node`, folder);
}

function existing(path: string, operation: string): string {
  if (existsSync(path)) return resolve(path);
  const reason = `there is no file ${path}`;
  throw argumentError(operation, reason, 'give the path of a .node file');
}

function bundled(): BpfError {
  const reason = `this code is bundled, and ${packageName} is not installed where it runs`;
  const hint = `keep ${packageName} external (esbuild --external:${packageName}, externals in webpack, ssr.external in vite), import ${packageName}/addon/linux-x64, or name the file by LIBBPF_TS_ADDON`;
  return failure(reason, hint);
}

function failure(reason: string, hint: string, cause?: unknown): BpfError {
  return new BpfError({ code: 'ERR_BPF_ADDON', operation: 'find the libbpf-ts addon', reason, hint, cause });
}
