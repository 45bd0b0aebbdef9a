/** Where distributions keep the symbols that they strip from programs and libraries. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as zlib from 'node:zlib';
import { readElf } from '../doors/btf.js';
import { type DebugLink, readBuildId } from './debug-link.js';

/** What gdb searches unless it is told otherwise (gdb's manual, "Separate Debug Files"). */
const globalFolder = '/usr/lib/debug';

/**
 * Opens the debug file of a program or library: by its build id, then by its link's name and checksum.
 *
 * @param path - of the program or library, as its process sees it
 * @param roots - in front of all paths: of the process's file system, and of this process's own
 */
export async function openDebugFile(
  link: DebugLink,
  path: string,
  roots: readonly string[],
): Promise<FileHandle | undefined> {
  for (const root of roots)
    for (const candidate of candidatesOf(link, path)) {
      const handle = await openIfThere(join(root, candidate));
      if (handle && (await isMeant(handle, link, candidate))) return handle;
      await handle?.close();
    }
  return undefined;
}

function candidatesOf({ buildId, name }: DebugLink, path: string): string[] {
  const byId = buildId
    ? [join(globalFolder, '.build-id', buildId.slice(0, 2), `${buildId.slice(2)}.debug`)]
    : [];
  if (name === undefined) return byId;
  const folder = dirname(path);
  const folders = [folder, join(folder, '.debug'), join(globalFolder, folder)];
  return [...byId, ...folders.map(each => join(each, name)).filter(each => each !== path)];
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  return open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
}

/** Another version's symbols would name wrong functions. */
async function isMeant(handle: FileHandle, { buildId, crc }: DebugLink, path: string): Promise<boolean> {
  try {
    const found = readBuildId(readElf(handle.fd, path));
    if (buildId !== undefined && found !== undefined) return buildId === found;
    return crc !== undefined && (await crcOf(handle)) === crc;
  } catch {
    return false;
  }
}

/** Undefined on Node before 20.15, which has no `crc32()`. */
async function crcOf(handle: FileHandle): Promise<number | undefined> {
  if (typeof zlib.crc32 !== 'function') return undefined;
  let crc = 0;
  for (let at = 0, chunk = Buffer.alloc(1 << 20); ; ) {
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) return crc;
    crc = zlib.crc32(chunk.subarray(0, bytesRead), crc);
    at += bytesRead;
  }
}
