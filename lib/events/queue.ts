/** A queue of one's own between source and loop, for bursts that are longer than the ring: it drops by a stated rule. */
import { argumentError } from '../errors/arguments.js';
import type { ReadOptions } from './read-options.js';

/** How events are kept while the loop is busy. */
export interface QueueOptions extends ReadOptions {
  /** Events that are kept at most. */
  readonly capacity: number;
  /** Which one goes when another comes and the queue is full: the oldest in it, or the newest, which just came. */
  readonly drop: 'oldest' | 'newest';
}

/**
 * Events that were taken from their source as they came; what finds no room is dropped, and counted.
 *
 * @example
 * ```ts
 * const queue = bpf.maps.events.queue({ capacity: 100_000, drop: 'oldest' });
 * for await (const event of queue) console.log(event.pid, queue.dropped);
 * ```
 */
export class EventQueue<T> implements AsyncIterableIterator<T, undefined> {
  readonly #loop: AsyncIterableIterator<T, undefined>;
  readonly #options: QueueOptions;
  /** A ring: `#first` is the oldest of `#length`. */
  readonly #kept: (T | undefined)[];
  #first = 0;
  #length = 0;
  #dropped = 0;
  #ended = false;
  #error: { readonly reason: unknown } | undefined;
  #wake: (() => void) | undefined;

  /** @internal */
  constructor(read: () => AsyncIterableIterator<T, undefined>, options: QueueOptions) {
    requireCapacity(options.capacity);
    this.#loop = read();
    this.#options = options;
    this.#kept = new Array(options.capacity);
    void this.#collect();
  }

  /** Events that wait in it. */
  get length(): number {
    return this.#length;
  }

  /** Events that found no room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The oldest event; the end, or the error that ended the source's loop, comes behind all events. */
  async next(): Promise<IteratorResult<T, undefined>> {
    while (this.#length === 0 && !this.#ended && this.#error === undefined) await this.#arrival();
    if (this.#length > 0) return { done: false, value: this.#shift() };
    const error = this.#error;
    this.#error = undefined;
    if (error !== undefined) throw error.reason;
    return { done: true, value: undefined };
  }

  /** Ends it; what waits in it is gone. */
  async return(): Promise<IteratorResult<T, undefined>> {
    this.#length = 0;
    this.#ended = true;
    await this.#loop.return?.();
    this.#wake?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #collect(): Promise<void> {
    try {
      for await (const event of this.#loop) this.#push(event);
    } catch (reason) {
      this.#error = { reason };
    }
    this.#ended = true;
    this.#wake?.();
  }

  #push(event: T): void {
    const { capacity, drop } = this.#options;
    if (this.#length === capacity) {
      this.#dropped++;
      if (drop === 'newest') return;
      this.#shift();
    }
    this.#kept[(this.#first + this.#length++) % capacity] = event;
    this.#wake?.();
  }

  #shift(): T {
    const event = this.#kept[this.#first] as T;
    this.#kept[this.#first] = undefined;
    this.#first = (this.#first + 1) % this.#kept.length;
    this.#length--;
    return event;
  }

  #arrival(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }
}

function requireCapacity(capacity: number): void {
  if (Number.isInteger(capacity) && capacity > 0) return;
  throw argumentError('queue events', `capacity takes a number of events from 1 on, got ${capacity}`);
}
