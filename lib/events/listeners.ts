/** Events by callback: a loop that runs while somebody listens. */
import type { ReadOptions } from './read-options.js';
import type { Reader } from './reader.js';

/** Called for each event, for each error, or once at the end. */
export type Listener<T> = (value: T) => void;

type Name = 'event' | 'error' | 'end';

/** Listeners by name, and the loop that calls them. */
export class Listeners<T> {
  readonly #read: (options: ReadOptions) => Reader<T>;
  readonly #sets: Record<Name, Set<Listener<unknown>>> = {
    event: new Set(),
    error: new Set(),
    end: new Set(),
  };
  #loop: Reader<T> | undefined;

  constructor(read: (options: ReadOptions) => Reader<T>) {
    this.#read = read;
  }

  add(name: Name, listener: Listener<unknown>, options: ReadOptions = {}): void {
    this.#sets[name].add(listener);
    if (name !== 'event' || this.#loop !== undefined) return;
    this.#loop = this.#read(options);
    void this.#run(this.#loop);
  }

  remove(name: Name, listener: Listener<unknown>): void {
    this.#sets[name].delete(listener);
    if (this.#sets.event.size > 0) return;
    void this.#loop?.return();
    this.#loop = undefined;
  }

  /** A record that its type cannot read is reported and passed over; what ends the loop ends it. */
  async #run(loop: Reader<T>): Promise<void> {
    for (;;) {
      try {
        const { done, value } = await loop.next();
        if (done) break;
        this.#call('event', value);
        this.#callNow(loop);
      } catch (error) {
        this.#fail(error);
      }
    }
    if (this.#loop === loop) this.#loop = undefined;
    this.#call('end', undefined);
  }

  /** Records that are there already need no promise, which would cost more than they do. */
  #callNow(loop: Reader<T>): void {
    for (let event = loop.takeNow(); event !== undefined; event = loop.takeNow()) this.#call('event', event);
  }

  /** A listener that throws does not stop the others, nor the stream. */
  #call(name: Name, value: unknown): void {
    for (const listener of this.#sets[name]) {
      try {
        listener(value);
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  /** An error that nobody listens for is an uncaught exception, as with Node's own emitters. */
  #fail(error: unknown): void {
    if (this.#sets.error.size === 0) {
      queueMicrotask(() => {
        throw error;
      });
      return;
    }
    for (const listener of this.#sets.error) listener(error);
  }
}
