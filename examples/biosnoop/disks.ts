/** Disks by name and number, and what is asked of them. */
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { errnoName } from 'libbpf-ts/tool';

/** The option that all tools of disks have. */
export const diskOption = {
  disk: { type: 'string', value: 'NAME', help: 'only this disk, as sda; not a partition of it' },
} as const;

/** As programs have it: MKDEV() in include/linux/kdev_t.h. */
const minorBits = 20;

/** The number of a disk that was typed; 0, for all of them, where none was. */
export function diskNumber(name: string | undefined): number {
  if (name === undefined) return 0;
  const folder = `/sys/class/block/${basename(name)}`;
  if (!existsSync(`${folder}/dev`))
    throw new TypeError(`--disk takes the name of a disk, as sda, not ${name}`);
  if (existsSync(`${folder}/partition`))
    throw new TypeError(`--disk takes a whole disk: ${name} is a part of one, and requests are to the whole`);
  const [major = 0, minor = 0] = readFileSync(`${folder}/dev`, 'utf8').split(':').map(Number);
  return major * 2 ** minorBits + minor;
}

const names = new Map<number, string>();

/** The name of a disk; its two numbers where it is gone, `-` for what is to no disk. */
export function diskName(disk: number): string {
  const known = names.get(disk) ?? (disk === 0 ? '-' : nameOf(disk));
  names.set(disk, known);
  return known;
}

function nameOf(disk: number): string {
  const numbers = `${disk >>> minorBits}:${disk & (2 ** minorBits - 1)}`;
  try {
    return basename(readlinkSync(`/sys/dev/block/${numbers}`));
  } catch {
    return numbers;
  }
}

/** enum req_op in include/linux/blk_types.h; what is not here has changed its number, or is of zoned disks. */
const operations = new Map([
  [0, 'read'],
  [1, 'write'],
  [2, 'flush'],
  [3, 'discard'],
  [5, 'erase'],
  [9, 'zeroes'],
  [34, 'driver-in'],
  [35, 'driver-out'],
]);

/** What is asked of the disk, as `read`. */
export function operationName(operation: number): string {
  return operations.get(operation) ?? `operation ${operation}`;
}

/** enum block_request_flag in block.bpf.h, bit by bit. */
const flagNames = ['sync', 'metadata', 'fua', 'preflush', 'readahead'];

/** How it is asked, as `['sync']`. */
export function flagsOf(flags: number): string[] {
  return flagNames.filter((_, bit) => (flags >> bit) & 1);
}

/** blk_errors[] in block/blk-core.c, up to where numbers differ between versions. */
const statuses = [
  ...['EOPNOTSUPP', 'ETIMEDOUT', 'ENOSPC', 'ENOLINK', 'EREMOTEIO', 'EBADE', 'ENODATA', 'EILSEQ', 'ENOMEM'],
  ...['EIO', 'EREMCHG', 'EAGAIN', 'EBUSY'],
];

/** An error by its name: a negative errno before Linux 5.16, a blk_status_t since; undefined where it is none. */
export function diskError(error: number): string | undefined {
  if (error <= 0) return errnoName(error);
  return statuses[error - 1] ?? `status ${error}`;
}
