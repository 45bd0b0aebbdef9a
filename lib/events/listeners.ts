/** Events by callback: a loop that runs while there are listeners. */
import { requireOptions } from '../errors/arguments.js';
import type { ListenOptions } from './read-options.js';
import type { Reader } from './reader.js';

/** Called for each event, for each error, or once at the end. */
export type Listener<T> = (value: T) => void;

type Name = 'event' | 'error' | 'end';

/** Listeners by name, each with what forgets its signal, and the loop that calls them. */
export class Listeners<T> {
  readonly #read: () => Reader<T>;
  readonly #listeners: Record<Name, Map<Listener<unknown>, () => void>> = {
    event: new Map(),
    error: new Map(),
    end: new Map(),
  };
  #loop: Reader<T> | undefined;

  constructor(read: () => Reader<T>) {
    this.#read = read;
  }

  add(name: Name, listener: Listener<unknown>, options: ListenOptions = {}): void {
    requireOptions('listen to events', options, ['signal']);
    const { signal } = options;
    if (signal?.aborted) return;
    if (name === 'event' && this.#loop === undefined) this.#start();
    if (this.#listeners[name].has(listener)) return;
    const onAbort = () => this.remove(name, listener);
    signal?.addEventListener('abort', onAbort);
    this.#listeners[name].set(listener, () => signal?.removeEventListener('abort', onAbort));
  }

  remove(name: Name, listener: Listener<unknown>): void {
    this.#listeners[name].get(listener)?.();
    this.#listeners[name].delete(listener);
    if (this.#listeners.event.size > 0) return;
    void this.#loop?.return();
    this.#loop = undefined;
  }

  #start(): void {
    this.#loop = this.#read();
    void this.#run(this.#loop);
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
    this.#call('end', undefined);
    if (this.#loop !== loop) return;
    this.#loop = undefined;
    for (const forgetSignal of this.#listeners.event.values()) forgetSignal();
  }

  /** Records that are there already need no promise, which would cost more than they do. */
  #callNow(loop: Reader<T>): void {
    for (let event = loop.takeNow(); event !== undefined; event = loop.takeNow()) this.#call('event', event);
  }

  /** A listener that throws does not stop the others, nor the stream. */
  #call(name: Name, value: unknown): void {
    for (const listener of this.#listeners[name].keys()) {
      try {
        listener(value);
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  /** An error without a listener, or one that a listener throws, is uncaught, as with Node's own emitters. */
  #fail(error: unknown): void {
    if (this.#listeners.error.size === 0) uncaught(error);
    for (const listener of this.#listeners.error.keys()) {
      try {
        listener(error);
      } catch (another) {
        uncaught(another);
      }
    }
  }
}

function uncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
