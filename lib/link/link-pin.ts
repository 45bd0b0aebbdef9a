/** The file that a link is pinned to, by which it outlives its process. */

import { pinTrouble } from '../native/bpffs.js';
import { type Circumstances, check, errnoName, failed } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import type { LinkHandle, Status } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import { linkError } from './link-error.js';

/** Whether a link is pinned, and where. */
export class LinkPin {
  readonly #object: ObjectState;
  #path: string | undefined;
  #wasMade: boolean;

  constructor(object: ObjectState, path: string | undefined) {
    this.#object = object;
    this.#path = path;
    this.#wasMade = path !== undefined;
  }

  /** Since the first pin: the kernel lets go of a file a little after it is gone (kernel/bpf/inode.c). */
  get wasMade(): boolean {
    return this.#wasMade;
  }

  get path(): string | undefined {
    return this.#path;
  }

  *make(handle: LinkHandle, path: string, operation: string): Flow<void> {
    const [status, log] = yield* job('linkPin', handle, path);
    if (failed(status)) throw linkError(handle, status, operation, trouble(status, path, log));
    this.#path = path;
    this.#wasMade = true;
    this.#object.countPin(1);
  }

  /** @param mayBeGone - others may have removed the file: then there is nothing left to do */
  *remove(handle: LinkHandle, operation: string, mayBeGone = false): Flow<void> {
    const [status] = yield* job('linkUnpin', handle);
    if (!(mayBeGone && errnoName(status) === 'ENOENT')) check(status, operation);
    if (this.#path !== undefined) this.#object.countPin(-1);
    this.#path = undefined;
  }
}

function trouble(status: Status, path: string, log: string): Circumstances {
  return { log, ...pinTrouble(errnoName(status), path, 'link') };
}
