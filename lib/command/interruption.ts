/** The end of a program that runs until told: SIGINT, SIGTERM, or a time. */

const signals = ['SIGINT', 'SIGTERM'] as const;

/** Waits for the end, while it is in use. A second signal ends the process as usual. */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #interrupt = () => {
    this[Symbol.dispose]();
    this.#controller.abort();
  };
  /** Resolves at the end. */
  readonly happened: Promise<void>;

  /** @param limit - milliseconds; absent for no limit */
  constructor(limit: number | undefined) {
    this.happened = new Promise(resolve => {
      this.signal.addEventListener('abort', () => resolve());
    });
    for (const signal of signals) process.once(signal, this.#interrupt);
    // Without a ring buffer nothing else keeps the process alive.
    this.#timer = setTimeout(this.#interrupt, limit ?? 2 ** 31 - 1);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const signal of signals) process.removeListener(signal, this.#interrupt);
  }
}
