/** System calls on files with an answer that is known: what probes of the kernel's functions must see. */
import { closeSync, mkdirSync, mkdtempSync, openSync, rmdirSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a folder in a new folder, with the permissions as asked, and removes both again. */
export function makeFolder(name: string, mode: number, where = tmpdir()): void {
  const parent = mkdtempSync(join(where, 'libbpf-ts-'));
  const mask = process.umask(0);
  mkdirSync(join(parent, name), mode);
  process.umask(mask);
  rmdirSync(join(parent, name));
  rmdirSync(parent);
}

/** Opens a file and closes it; tells its descriptor. */
export function openFile(): number {
  const fd = openSync('/dev/null', 'r');
  closeSync(fd);
  return fd;
}

export const noSuchFile = '/no/such/file/of/libbpf-ts';

/** Opens a file that is not there; tells the negative errno. */
export function openNothing(): number {
  try {
    closeSync(openSync(noSuchFile, 'r'));
    return 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return -constants.errno.ENOENT;
  }
}
