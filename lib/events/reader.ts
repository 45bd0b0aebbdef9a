/** A loop over events: an async iterator that waits, lets others run, and ends. */
import type { Intake } from './intake.js';
import type { Waiting } from './source.js';
import { nextTurn, turnIsOver, turnMilliseconds } from './turn.js';

/** How to read events; everything has a default. */
export interface ReadOptions {
  /** Ends the loop: the iterator throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Records in a batch at most. Default: 4096. */
  readonly records?: number | undefined;
  /** Bytes of a batch at most, headers and padding included; a longer record comes alone. Default: 256 KiB. */
  readonly bytes?: number | undefined;
  /** After so long, in milliseconds, timers and sockets have their turn. Default, and most: 5. */
  readonly milliseconds?: number | undefined;
  /**
   * Under load, at thousands of records a second, the reader looks at the source by a timer, this many milliseconds
   * apart at most, instead of being woken for each record. 0: never. Default: 4.
   */
  readonly delay?: number | undefined;
  /** Also looks so often, in milliseconds, for records that were written without a wake-up. Default: never. */
  readonly interval?: number | undefined;
}

/** A loop that takes record after record looks at the clock this often. */
const recordsBetweenLooks = 16;

/** One reader of a source: the only one until it ends. */
export class Reader<Item> implements AsyncIterableIterator<Item, undefined> {
  readonly #intake: Intake;
  readonly #take: () => Item;
  readonly #options: ReadOptions;
  readonly #limits: { readonly records: number; readonly bytes: number };
  readonly #waiting: Waiting;
  readonly #milliseconds: number;
  readonly #onAbort = () => this.interrupt();
  #last: Promise<unknown> = Promise.resolve();
  #pending = 0;
  #taken = 0;
  #paused = false;
  #closed = false;
  #failed = false;
  /** True after a batch that took all there was. */
  #tookAll = false;
  #wake: ((error?: Error) => void) | undefined;

  constructor(intake: Intake, options: ReadOptions, take: () => Item) {
    this.#intake = intake;
    this.#take = take;
    this.#options = options;
    this.#limits = { records: options.records ?? 4096, bytes: options.bytes ?? 256 * 1024 };
    this.#waiting = { interval: options.interval ?? 0, delay: options.delay ?? 4 };
    this.#milliseconds = Math.min(options.milliseconds ?? turnMilliseconds, turnMilliseconds);
    options.signal?.addEventListener('abort', this.#onAbort);
  }

  /** True once the loop has ended. */
  get closed(): boolean {
    return this.#closed;
  }

  /** True after an error: `for await` left then, and another reader may take over; a call of `next()` goes on. */
  get failed(): boolean {
    return this.#failed;
  }

  /** While paused, nothing is taken from the source. */
  set paused(paused: boolean) {
    this.#paused = paused;
    this.interrupt();
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    if (this.#pending === 0 && this.#mayTake()) return this.#give();
    this.#pending++;
    const item = this.#last.then(() => this.#later());
    this.#last = item.then(
      () => this.#settled(false),
      () => this.#settled(true),
    );
    return item;
  }

  async return(): Promise<IteratorResult<Item, undefined>> {
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
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.interrupt();
    this.#intake.release();
  }

  /** Ends a wait, if there is one; the reader then looks around anew. */
  interrupt(): void {
    const wake = this.#wake;
    if (wake === undefined) return;
    this.#intake.source.cancel();
    wake();
  }

  #mayTake(): boolean {
    if (this.#intake.left === 0 || this.#closed || this.#paused || this.#options.signal?.aborted)
      return false;
    this.#taken = (this.#taken + 1) % recordsBetweenLooks;
    return this.#taken > 0 || !turnIsOver(this.#milliseconds);
  }

  #give(): Promise<IteratorResult<Item, undefined>> {
    try {
      return Promise.resolve({ done: false, value: this.#take() });
    } catch (error) {
      this.#failed = true;
      return Promise.reject(error);
    }
  }

  #settled(failed: boolean): void {
    this.#pending--;
    this.#failed = failed;
  }

  async #later(): Promise<IteratorResult<Item, undefined>> {
    if (await this.#more()) return { done: false, value: this.#take() };
    this.closeSync();
    return { done: true, value: undefined };
  }

  /** Gets to a batch that has something, waiting for it; false at the end. */
  async #more(): Promise<boolean> {
    const { signal } = this.#options;
    while (!this.#closed) {
      if (signal?.aborted) this.#abort(signal);
      if (this.#paused) await this.#wait(false);
      else if (turnIsOver(this.#milliseconds)) await nextTurn();
      else if (this.#fill()) return true;
      else if (this.#intake.source.ended) break;
      else await this.#wait(true);
    }
    return false;
  }

  /** Right after a batch of a busy source there are a few more records; waiting for many is cheaper. */
  #fill(): boolean {
    const { source } = this.#intake;
    if (this.#tookAll && this.#intake.left === 0 && source.rests) return false;
    const filled = this.#intake.fill(this.#limits);
    this.#tookAll = filled && this.#intake.left < this.#limits.records;
    return filled;
  }

  #wait(forEvents: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#wake = error => {
        this.#wake = undefined;
        this.#tookAll = false;
        if (error === undefined) resolve();
        else reject(error);
      };
      if (forEvents) this.#intake.source.wait(this.#wake, this.#waiting);
    });
  }

  #abort(signal: AbortSignal): never {
    this.closeSync();
    throw signal.reason;
  }
}
