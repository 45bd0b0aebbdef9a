/** The life of a map without an object: it ends by itself. */

import { BpfError } from '../errors.js';
import { check } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import type { MapHandle } from '../native/native.js';
import { ObjectState } from '../native/owner.js';

/** Stands where an object's state would. */
export class BareState extends ObjectState {
  readonly #handle: MapHandle;

  constructor(handle: MapHandle, name: string) {
    super(name);
    this.#handle = handle;
  }

  override use(operation: string): string {
    if (!this.closed) return operation;
    const hint = 'open it again; close() is final';
    throw new BpfError({ code: 'ERR_BPF_CLOSED', operation, reason: `map ${this.name} is closed`, hint });
  }

  /** Lets go of the descriptor; again: nothing. */
  *end(): Flow<void> {
    if (this.closed) return;
    this.close();
    const [status] = yield* job('mapClose', this.#handle);
    check(status as number, `close map ${this.name}`);
  }
}
