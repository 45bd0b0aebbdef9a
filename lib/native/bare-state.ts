/** The life of a map or program without an object: it ends by itself. */

import { BpfError } from '../errors/bpf-error.js';
import { check } from './errno.js';
import { type Flow, job } from './flow.js';
import type { MapHandle, Outcome, ProgramHandle, Status } from './native.js';
import { ObjectState } from './owner.js';

/** Stands where an object's state would. */
export class BareState extends ObjectState {
  readonly #subject: string;
  readonly #close: () => Flow<Outcome<Status>>;
  #ended = false;

  private constructor(what: string, name: string, close: () => Flow<Outcome<Status>>) {
    super(name);
    this.#subject = `${what} ${name}`;
    this.#close = close;
  }

  static ofMap(handle: MapHandle, name: string): BareState {
    return new BareState('map', name, () => job('mapClose', handle));
  }

  static ofProgram(handle: ProgramHandle, name: string): BareState {
    return new BareState('program', name, () => job('programClose', handle));
  }

  override closedError(operation: string, cause?: unknown): BpfError {
    const reason = `${this.#subject} is closed`;
    const hint = 'open it again; close() is final';
    return new BpfError({ code: 'ERR_BPF_CLOSED', operation, reason, hint, cause });
  }

  /** Lets go of the descriptor; again: nothing, unless a call was running before. */
  *end(): Flow<void> {
    if (this.#ended) return;
    this.close();
    const [status] = yield* this.#close();
    check(status, `close ${this.#subject}`);
    this.#ended = true;
  }
}
