/**
 * Programs and libraries that probes are put on: found as by resolve_full_path() in libbpf.c, read by our own reader.
 */
import { accessSync, closeSync, constants, openSync } from 'node:fs';
import { arch } from 'node:process';
import { type Elf, readElf } from '../btf/index.js';

/** Where Debian and its like have libraries, beside where all have them. */
const libraryFolders: Readonly<Record<string, string>> = {
  x64: '/lib/x86_64-linux-gnu',
  ia32: '/lib/i386-linux-gnu',
  arm: '/lib/arm-linux-gnueabihf',
  arm64: '/lib/aarch64-linux-gnu',
  s390x: '/lib/s390x-linux-gnu',
  ppc64: '/lib/powerpc64le-linux-gnu',
  riscv64: '/lib/riscv64-linux-gnu',
};

/** The path of a program or library that was named without one. */
export function tracedPath(file: string): string | undefined {
  if (file.includes('/')) return file;
  const isLibrary = file.endsWith('.so') || file.includes('.so.');
  const folders = isLibrary
    ? [process.env.LD_LIBRARY_PATH, '/usr/lib64:/usr/lib', libraryFolders[arch]]
    : [process.env.PATH, '/usr/bin:/usr/sbin'];
  const mode = isLibrary ? constants.R_OK : constants.R_OK | constants.X_OK;
  const paths = folders.flatMap(list => list?.split(':') ?? []).filter(Boolean);
  return paths.map(folder => `${folder}/${file}`).find(path => isAccessible(path, mode));
}

function isAccessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads of a program or library what `use` asks for.
 *
 * @throws BpfError `ERR_BPF_ELF` where it is none, or is damaged; an error of Node's where it cannot be opened.
 */
export function readTraced<T>(path: string, use: (elf: Elf) => T): T {
  // Opening a pipe would wait for a writer.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return use(readElf(fd, path));
  } finally {
    closeSync(fd);
  }
}
