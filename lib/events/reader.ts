/** A loop over events: an async iterator that waits, lets others run, and ends. */

import type { Consumer } from './consumer.js';
import type { ReadOptions } from './read-options.js';
import { enqueue, sliceIsOver, type Task } from './scheduler.js';
import type { Limits, Waiting } from './source.js';

/** How a call of `next()` is answered. */
type Answer<Item> = Record<'resolve', (result: IteratorResult<Item, undefined>) => void> &
  Record<'reject', (error: unknown) => void>;

/** A loop that takes record after record looks at the clock this often. */
const recordsBetweenLooks = 16;

/**
 * One reader of a source: the only one until it ends. From a wake-up to the loop's body there is one promise: each more
 * would be a good part of what an event takes to arrive.
 */
export class Reader<Item> implements AsyncIterableIterator<Item, undefined>, Task {
  readonly #consumer: Consumer;
  readonly #take: () => Item;
  readonly #signal: AbortSignal | undefined;
  readonly #limits: Limits;
  readonly #waiting: Waiting;
  readonly #onAbort = () => this.#interrupt();
  readonly #onWake = (error?: Error) => this.#woken(error);
  /** Calls of `next()` that have no answer yet, the oldest first. */
  readonly #calls: Answer<Item>[] = [];
  /** True after an error: `for await` left then, and another reader may take over; a call of `next()` goes on. */
  failed = false;
  #taken = 0;
  #paused = false;
  #closed = false;
  /** True after a batch that took all there was. */
  #tookAll = false;
  #waits = false;
  #isQueued = false;

  constructor(consumer: Consumer, options: ReadOptions, take: () => Item) {
    this.#consumer = consumer;
    this.#take = take;
    this.#signal = options.signal;
    this.#limits = { records: options.batchSize ?? 4096, bytes: 256 * 1024 };
    this.#waiting = { interval: options.pollInterval ?? 0, delay: options.delay ?? 4 };
    this.#signal?.addEventListener('abort', this.#onAbort);
  }

  /** True once the loop has ended. */
  get closed(): boolean {
    return this.#closed;
  }

  /** While paused, nothing is taken from the source. */
  set paused(paused: boolean) {
    this.#paused = paused;
    this.#interrupt();
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    this.#consumer.settle();
    const first = this.#calls.length === 0;
    if (first && this.#mayTake()) return this.#give();
    const answer = new Promise<IteratorResult<Item, undefined>>((resolve, reject) => {
      this.#calls.push({ resolve, reject });
    });
    if (first) this.#moveOn();
    return answer;
  }

  /** The next item where `next()` would not wait for it, and in this turn; else undefined. */
  takeNow(): Item | undefined {
    return this.#calls.length === 0 && this.#mayTake() ? this.#takeOne() : undefined;
  }

  /** A loop is left by `break` or by throwing: its body does not come back for more. */
  async return(): Promise<IteratorResult<Item, undefined>> {
    this.#consumer.abandon();
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
    this.#interrupt();
    this.#consumer.release();
  }

  /** Its turn: one batch at most. */
  run(): void {
    this.#isQueued = false;
    if (this.#calls.length === 0 || this.#waits) return;
    if (this.#mayRead()) this.#read();
    else this.#refuse();
  }

  /** Ends a wait, if there is one, and looks around anew. */
  #interrupt(): void {
    if (this.#waits) this.#consumer.source.cancel();
    this.#waits = false;
    this.#moveOn();
  }

  #mayRead(): boolean {
    return !this.#closed && !this.#paused && !this.#signal?.aborted;
  }

  #mayTake(): boolean {
    if (this.#consumer.left === 0 || !this.#mayRead()) return false;
    this.#taken = (this.#taken + 1) % recordsBetweenLooks;
    return this.#taken > 0 || !sliceIsOver();
  }

  #give(): Promise<IteratorResult<Item, undefined>> {
    try {
      return Promise.resolve({ done: false, value: this.#takeOne() });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #takeOne(): Item {
    try {
      return this.#take();
    } catch (error) {
      this.failed = true;
      throw error;
    }
  }

  /** Sees to the calls, if there are any: by its turn where it takes something. */
  #moveOn(): void {
    if (this.#calls.length === 0 || this.#waits) return;
    if (!this.#mayRead()) this.#refuse();
    else if (!this.#isQueued) {
      this.#isQueued = true;
      enqueue(this);
    }
  }

  /** Nothing is read: the calls wait for `resume()`, or there is an end. */
  #refuse(): void {
    if (this.#closed)
      for (const { resolve } of this.#calls.splice(0)) resolve({ done: true, value: undefined });
    else if (this.#signal?.aborted) {
      this.#calls.shift()?.reject(this.#signal.reason);
      this.closeSync();
    }
  }

  /** Answers one call, or waits until it can. */
  #read(): void {
    try {
      if (this.#fill()) {
        const value = this.#take();
        this.#calls.shift()?.resolve({ done: false, value });
        this.failed = false;
      } else if (this.#consumer.source.ended) this.closeSync();
      else this.#wait();
    } catch (error) {
      this.#fail(error);
    }
    this.#moveOn();
  }

  #fail(error: unknown): void {
    this.failed = true;
    this.#waits = false;
    this.#calls.shift()?.reject(error);
  }

  /** Right after a batch of a busy source there are a few more records; waiting for many is cheaper. */
  #fill(): boolean {
    const { source } = this.#consumer;
    if (this.#tookAll && this.#consumer.left === 0 && source.rests) return false;
    const filled = this.#consumer.fill(this.#limits);
    this.#tookAll = filled && this.#consumer.left < this.#limits.records;
    return filled;
  }

  #wait(): void {
    this.#waits = true;
    this.#consumer.source.wait(this.#onWake, this.#waiting);
  }

  #woken(error: Error | undefined): void {
    this.#waits = false;
    this.#tookAll = false;
    if (error !== undefined) this.#fail(error);
    this.#moveOn();
  }
}
