/** A script that runs, as a program sees it: what it says, and its maps. */
import { BpfError } from '../errors/bpf-error.js';
import type { Closable } from '../index.js';
import { mapOf, type TraceMap } from './map-value.js';
import type { TraceEvent, TraceLoss } from './run/events.js';
import type { TraceSession } from './run/session.js';

/**
 * A running script. What it says comes by `for await`, which ends when the script does: by its own `exit()`, by
 * {@link stop}, by its signal. Then its maps are printed, unless it sets `print_maps_on_exit`.
 *
 * @example
 * ```ts
 * await using running = await trace`
 *   tracepoint:syscalls:sys_enter_getppid /pid == ${process.pid}/ { @calls = count(); }
 *   interval:ms:100 { printf("%d calls\n", (int64)@calls); exit(); }`;
 * for await (const event of running) process.stdout.write(event.text);
 * ```
 */
export class Trace implements AsyncIterable<TraceEvent>, Closable {
  readonly #session: TraceSession;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.stop();
  #isRead = false;
  #isClosed = false;

  /** @internal */
  constructor(session: TraceSession, signal: AbortSignal | undefined) {
    this.#session = session;
    this.#signal = signal;
    if (signal?.aborted) this.stop();
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /**
   * The script's maps as they are now, by their names without `@`; the one without a name is `''`. Maps with keys are
   * Maps, others their value, or undefined while they have none.
   */
  get maps(): Readonly<Record<string, TraceMap>> {
    this.#requireOpen();
    const { maps, names } = this.#session.context;
    const entries = maps.names.map(name => {
      const { key } = maps.types(name);
      return [name, mapOf(maps.elementsNow(name, names), key !== undefined)];
    });
    return Object.fromEntries(entries);
  }

  /** How many records programs could not write, because the ring buffer was full. */
  get lost(): number {
    this.#requireOpen();
    return this.#session.lost;
  }

  /**
   * What was lost so far, and where in the script: records as {@link lost} counts them, and values for maps that were full.
   *
   * @example
   * ```ts
   * await using running = await trace`let @small = hash(10); begin { for ($i : 0..${12}) { @small[$i] = 1; } }`;
   * for (const { place, map, count } of running.losses) console.log(place, map, count); // trace:1:50-64 small 2
   * ```
   */
  get losses(): readonly TraceLoss[] {
    this.#requireOpen();
    return this.#session.losses;
  }

  /** What the script called `exit()` with; 0 before. */
  get exitCode(): number {
    return this.#session.exitCode;
  }

  /** Ends the script: the loop gets what was said by then, what its `end` says, and its maps. */
  stop(): void {
    this.#session.stop();
  }

  /**
   * What the script says. One loop reads it.
   *
   * @throws BpfError `ERR_BPF_BUSY` for a second loop, `ERR_BPF_CLOSED` once it was closed
   */
  [Symbol.asyncIterator](): AsyncGenerator<TraceEvent, undefined> {
    this.#requireOpen();
    if (this.#isRead)
      throw new BpfError({
        code: 'ERR_BPF_BUSY',
        operation: 'read a trace',
        reason: 'a loop reads it already',
      });
    this.#isRead = true;
    return this.#session.events();
  }

  /** True from the moment that closing begins. */
  get closed(): boolean {
    return this.#isClosed;
  }

  /** Detaches its programs and closes its maps. What was not read is gone. */
  close(): Promise<void> {
    this.#leave();
    return this.#session.close();
  }

  /** {@link close} on this thread. */
  closeSync(): void {
    this.#leave();
    this.#session.closeSync();
  }

  [Symbol.dispose](): void {
    this.closeSync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #leave(): void {
    this.#isClosed = true;
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  #requireOpen(): void {
    if (this.#isClosed)
      throw new BpfError({ code: 'ERR_BPF_CLOSED', operation: 'use a trace', reason: 'it was closed' });
  }
}
