/** Where clang finds `bpf/*.h` and a `vmlinux.h`. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kernelBtfPath } from '../host/kernel.js';
import { findPackage } from '../package.js';
import { partialOf, removePartials } from './leftovers.js';
import { vmlinuxHeader } from './vmlinux.js';

/** Of the text that is made: another one is not found in place of it. */
const form = 2;

/** In an installed package, then in a clone. */
const libbpfFolders = ['dist/include/', 'build/include/'];

/** The folder that holds `bpf/bpf_helpers.h`; undefined where the package was not built. */
export function libbpfFolder(): string | undefined {
  const home = findPackage();
  if (home === undefined) return undefined;
  const folders = libbpfFolders.map(folder => fileURLToPath(new URL(folder, home)));
  return folders.find(folder => existsSync(join(folder, 'bpf/bpf_helpers.h')));
}

/**
 * A folder with `vmlinux.h` for this BTF: from the cache, or made now. Undefined where the running kernel has no
 * BTF, for a program may do without.
 *
 * @param spare - where to put it when the cache cannot be written
 * @throws BpfError when `btf` was asked for and cannot be read.
 */
export async function vmlinuxFolder(
  spare: string,
  btf = kernelBtfPath,
  cache = userCache(),
): Promise<string | undefined> {
  if (btf === kernelBtfPath && !existsSync(btf)) return undefined;
  const folder = join(cache, `${await digest(btf)}-${form}`);
  if (existsSync(join(folder, 'vmlinux.h'))) return folder;
  const header = await vmlinuxHeader(btf);
  return writeHeader(folder, header).catch(() => writeHeader(spare, header));
}

/** Another process may make the same header now: the last rename wins, with the same text. */
async function writeHeader(folder: string, header: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'vmlinux.h');
  await removePartials(path);
  const partial = partialOf(path);
  await writeFile(partial, header);
  await rename(partial, path);
  return folder;
}

function userCache(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'libbpf-ts');
}

/** A file that cannot be read is for `vmlinuxHeader()` to complain about. */
async function digest(btf: string): Promise<string> {
  const bytes = await readFile(btf).catch(() => Buffer.from(btf));
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
