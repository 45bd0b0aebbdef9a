/** What everything with a life has: `close()`, its twin, and both forms of `using`. */
import { BpfError } from '../errors/bpf-error.js';
import { type Flow, run, runSync } from './flow.js';

/**
 * What holds something of the kernel or of this process until it is closed. Closing is idempotent; use after it throws
 * `ERR_BPF_CLOSED`. `using` closes on this thread at the end of its block, `await using` off it.
 */
export interface Closable extends Disposable, AsyncDisposable {
  /** True from the moment that closing begins. */
  readonly closed: boolean;
  /** Ends it, off the main thread where that may take long. */
  close(): Promise<void>;
  /** Ends it on this thread. */
  closeSync(): void;
}

/** A {@link Closable} whose end is a flow. */
export abstract class Resource implements Closable {
  #closing: Promise<void> | undefined;
  #closed = false;

  /** @internal What to call this in messages, as `link on_exec`. */
  protected abstract get subject(): string;

  /** @internal Ends it; called once. */
  protected abstract end(): Flow<void>;

  /** True from the moment that closing begins. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Ends it, off the main thread. Again: the same promise. */
  close(): Promise<void> {
    this.#closed = true;
    this.#closing ??= this.enqueue(() => this.end());
    return this.#closing;
  }

  /** Ends it on this thread. */
  closeSync(): void {
    if (this.#closing !== undefined) return;
    this.#closed = true;
    runSync(this.end());
    this.#closing = Promise.resolve();
  }

  [Symbol.dispose](): void {
    this.closeSync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal Where flows of this thing wait for their turn; objects have a queue. */
  protected enqueue<T>(flow: () => Flow<T>): Promise<T> {
    return run(flow());
  }

  /** @internal @throws BpfError `ERR_BPF_CLOSED` after close. */
  protected requireOpen(operation: string): void {
    if (!this.closed) return;
    const reason = `${this.subject} is closed`;
    throw new BpfError({
      code: 'ERR_BPF_CLOSED',
      operation,
      reason,
      hint: 'open it again; close() is final',
    });
  }

  /** @internal What is done, for errors. @throws BpfError `ERR_BPF_CLOSED` after close. */
  protected opened(verb: string, rest = ''): string {
    const operation = `${verb} ${this.subject}${rest}`;
    this.requireOpen(operation);
    return operation;
  }

  /** @internal Of a failure after a close meanwhile, that is the reason. */
  protected *during(operation: string, flow: Flow<void>): Flow<void> {
    try {
      yield* flow;
    } catch (error) {
      this.requireOpen(operation);
      throw error;
    }
  }
}
