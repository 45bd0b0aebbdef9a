/** The file behind a mapping: the one that the process mapped, whatever has its name by now. */
import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mapping } from './process-maps.js';

/**
 * Opens it; undefined where it cannot be had any more.
 *
 * The kernel's own link also opens files that were removed, replaced, or are in another mount namespace; following it needs
 * CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE (fs/proc/base.c: proc_map_files_get_link()). By name, the file must be the same
 * one: of the same device and inode.
 */
export async function openMapped(pid: number, mapping: Mapping): Promise<FileHandle | undefined> {
  const { start, end, path } = mapping;
  const link = `/proc/${pid}/map_files/${start.toString(16)}-${end.toString(16)}`;
  for (const candidate of [link, join(`/proc/${pid}/root`, path), path]) {
    const handle = await openRegular(candidate).catch(() => undefined);
    if (handle && (candidate === link || isSame(await handle.stat({ bigint: true }), mapping))) return handle;
    await handle?.close();
  }
  return undefined;
}

/** Opening a device can set it going, so it is looked at first. */
async function openRegular(path: string): Promise<FileHandle | undefined> {
  const isRegular = (await stat(path)).isFile();
  return isRegular ? open(path, constants.O_RDONLY | constants.O_NONBLOCK) : undefined;
}

function isSame({ ino, dev }: BigIntStats, { inode, device }: Mapping): boolean {
  return ino === BigInt(inode) && deviceText(dev) === device;
}

/**
 * As show_vma_header_prefix() in fs/proc/task_mmu.c writes devices: major and minor, two hexadecimal digits each or
 * more.
 */
function deviceText(dev: bigint): string {
  // The halves are spread over the number as glibc's gnu_dev_major() and gnu_dev_minor() say.
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn);
  const minor = (dev & 0xffn) | ((dev >> 12n) & ~0xffn);
  return [major, minor].map(half => half.toString(16).padStart(2, '0')).join(':');
}

/** What tells a file from others, and from itself after a change. */
export async function identityOf(handle: FileHandle): Promise<string> {
  const { dev, ino, size, mtimeNs } = await handle.stat({ bigint: true });
  return [dev, ino, size, mtimeNs].join(':');
}
