/** The life of a map without an object: it ends by itself. */

import { BpfError } from '../errors/bpf-error.js';
import { check } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import type { MapHandle } from '../native/native.js';
import { ObjectState } from '../native/owner.js';

/** Stands where an object's state would. */
export class BareState extends ObjectState {
  readonly #handle: MapHandle;
  #ended = false;

  constructor(handle: MapHandle, name: string) {
    super(name);
    this.#handle = handle;
  }

  override closedError(operation: string, cause?: unknown): BpfError {
    const reason = `map ${this.name} is closed`;
    const hint = 'open it again; close() is final';
    return new BpfError({ code: 'ERR_BPF_CLOSED', operation, reason, hint, cause });
  }

  /** Lets go of the descriptor; again: nothing, unless a call was running before. */
  *end(): Flow<void> {
    if (this.#ended) return;
    this.close();
    const [status] = yield* job('mapClose', this.#handle);
    check(status, `close map ${this.name}`);
    this.#ended = true;
  }
}
