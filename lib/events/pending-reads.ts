/** Calls of a reader's `next()` that have no answer yet, the oldest first. */

interface Call<Item> {
  readonly resolve: (result: IteratorResult<Item, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** The reads that wait for an item. */
export class PendingReads<Item> {
  readonly #calls: Call<Item>[] = [];

  /** True while none waits. */
  get empty(): boolean {
    return this.#calls.length === 0;
  }

  /** One more, and the promise of its answer. */
  add(): Promise<IteratorResult<Item, undefined>> {
    return new Promise((resolve, reject) => {
      this.#calls.push({ resolve, reject });
    });
  }

  /** The oldest gets an item. */
  resolve(value: Item): void {
    this.#calls.shift()?.resolve({ done: false, value });
  }

  /** The oldest gets an error. */
  reject(error: unknown): void {
    this.#calls.shift()?.reject(error);
  }

  /** All are told that there is no more. */
  end(): void {
    for (const { resolve } of this.#calls.splice(0)) resolve({ done: true, value: undefined });
  }
}
