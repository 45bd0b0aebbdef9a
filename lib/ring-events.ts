/** The loop over a ring buffer's records: an async iterator that waits, lets others run, and ends. */
import { setImmediate } from 'node:timers/promises';
import type { RingCursor } from './ring-cursor.js';

/** How to read events. */
export interface RingEventsOptions {
  /** Ends the loop: the iterator throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A loop that never waits for records would never let a timer fire; after this long it does. */
const turnMilliseconds = 5;

/** One reader of a ring buffer. */
export class RingEvents<T> implements AsyncIterableIterator<T> {
  readonly #cursor: RingCursor<T>;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.#cursor.interrupt();
  #turn = performance.now();
  #closed = false;

  constructor(cursor: RingCursor<T>, options: RingEventsOptions) {
    this.#cursor = cursor;
    this.#signal = options.signal;
    this.#signal?.addEventListener('abort', this.#onAbort);
  }

  /** True once the loop has ended. */
  get closed(): boolean {
    return this.#closed;
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    while (!this.#closed) {
      if (this.#signal?.aborted) this.#abort(this.#signal);
      if (this.#cursor.left > 0) return { done: false, value: this.#cursor.next() };
      if (!(await this.#more())) break;
    }
    this.closeSync();
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.closeSync();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Ends the loop; a pending `next()` answers that it is done. */
  closeSync(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#cursor.interrupt();
  }

  /** Gets the next batch, waiting for it; false when the ring closed. */
  async #more(): Promise<boolean> {
    if (performance.now() - this.#turn > turnMilliseconds) await this.#letOthersRun();
    while (!this.#cursor.fill()) {
      if (this.#closed || this.#cursor.closed) return false;
      if (this.#signal?.aborted) return true;
      await this.#cursor.readable();
      this.#turn = performance.now();
    }
    return true;
  }

  async #letOthersRun(): Promise<void> {
    await setImmediate();
    this.#turn = performance.now();
  }

  #abort(signal: AbortSignal): never {
    this.closeSync();
    throw signal.reason;
  }
}
