/** The folder that an object's maps and links are pinned in, from one process to the next. */
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  unlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { BpfError } from '../../errors/bpf-error.js';
import { pinError, requireBpffs } from '../../native/bpffs.js';
import { errnoError, errnoName } from '../../native/errno.js';
import type { Flow } from '../../native/flow.js';
import { native, type Status } from '../../native/native.js';

/** What is pinned. */
type PinKind = 'maps' | 'links';

const kinds: readonly PinKind[] = ['maps', 'links'];

/** Files by kind and name; `next` has maps that wait there until they are renamed into the place of pinned ones. */
export class PinFolder {
  readonly path: string;

  /** Makes what is missing of it. @throws BpfError where it cannot. */
  constructor(path: string, operation: string) {
    this.path = path;
    requireBpffs(path, operation);
    for (const kind of kinds)
      for (const folder of [join(path, kind), join(path, 'next', kind)]) make(folder, operation);
  }

  /**
   * Keeps others out for the length of a flow, and forgets what a process left unfinished.
   *
   * @throws BpfError `EBUSY` where another process, or another call, is at it.
   */
  *alone<T>(operation: string, flow: () => Flow<T>): Flow<T> {
    const fd = openSync(this.path, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      const status = native().fileLock(fd);
      if (status !== 0) throw taken(status, operation, this.path);
      for (const kind of kinds)
        for (const name of readdirSync(join(this.path, 'next', kind)))
          unlinkSync(join(this.path, 'next', kind, name));
      return yield* flow();
    } finally {
      closeSync(fd);
    }
  }

  /**
   * Where something is pinned. BPF file systems keep dots for themselves: `.bss` is `_bss`, as libbpf has it
   * (sanitize_pin_path() in libbpf.c).
   */
  file(kind: PinKind, name: string): string {
    return join(this.path, kind, fileName(name));
  }

  /** Where what replaces it waits. */
  next(kind: PinKind, name: string): string {
    return join(this.path, 'next', kind, fileName(name));
  }

  /** Puts it into place, in one step: what was there goes with its last user. */
  replace(kind: PinKind, name: string): void {
    renameSync(this.next(kind, name), this.file(kind, name));
  }

  /** Files of a kind that are of none of these names. */
  others(kind: PinKind, names: readonly string[]): string[] {
    const known = new Set(names.map(fileName));
    return readdirSync(join(this.path, kind)).filter(name => !known.has(name));
  }
}

function fileName(name: string): string {
  return name.replaceAll('.', '_');
}

/** The lock goes with its process, however that ends. */
function taken(status: Status, operation: string, path: string): BpfError {
  if (errnoName(status) !== 'EAGAIN') return errnoError(status, operation);
  const reason = `another process adopts ${path} at this moment`;
  return new BpfError({ code: 'EBUSY', operation, reason, hint: 'one at a time: try again once it is done' });
}

/** One by one: all at once, Node calls a read-only file system an absent one. */
function make(folder: string, operation: string): void {
  if (existsSync(folder)) return;
  make(dirname(folder), operation);
  try {
    mkdirSync(folder);
  } catch (error) {
    throw pinError((error as NodeJS.ErrnoException).errno ?? 0, operation, folder);
  }
}
