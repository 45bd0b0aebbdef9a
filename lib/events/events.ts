/** The face of everything that gives events: loops, batches, listeners, counts. */
import type { Codec } from '../codec/codec.js';
import type { Closable } from '../native/closable.js';
import { Batch } from './batch.js';
import { Consumer } from './consumer.js';
import { Decoders } from './decoders.js';
import { type Listener, Listeners } from './listeners.js';
import { EventQueue, type QueueOptions } from './queue.js';
import { type ListenOptions, type ReadOptions, requireReadOptions } from './read-options.js';
import type { Reader } from './reader.js';
import type { Recording } from './recording/recording.js';
import type { EventSource, SourceCounts } from './source.js';

/** What happened to a source's events so far. */
export interface EventStats extends SourceCounts {
  /** Records that readers have had. */
  readonly delivered: number;
  /**
   * Records of batches that `batches()` gave and whose loop was left before they were read to their end, as by throwing.
   * They are gone, and not among the delivered. What a cursor reads counts when the next batch is asked for.
   */
  readonly abandoned: number;
  /** The most bytes that waited when a batch was read. */
  readonly highWater: number;
}

/** Events of type `T`, whatever they come from. Reading is pulled: records that are not read wait at their source. */
export interface EventStream<T> extends AsyncIterable<T> {
  /** The records from now on, with what waits already. The loop ends when the source does. */
  events(options?: ReadOptions): AsyncIterableIterator<T, undefined>;
  /** As {@link events}, all records that were read at once together. */
  batches(options?: ReadOptions): AsyncIterableIterator<Batch<T>, undefined>;
  /** The same events, read as another type: `tagged()` ones, or some of the members. They share the one reader. */
  as<U>(codec: Codec<U>): EventStream<U>;
  /** A queue of one's own: events are taken as they come, and what finds no room in it is dropped by a rule, counted. */
  queue(options: QueueOptions): EventQueue<T>;
  /** What is there now, without waiting. */
  drain(): T[];
  /**
   * Writes what readers take from now on to a file too, for `replay()`, until that is closed or the stream ends.
   *
   * @throws BpfError with the errno's name where the file cannot be written, `ERR_BPF_BUSY` during another recording.
   */
  record(path: string | URL): Recording;
  /**
   * Calls back for each record; reading begins with the first listener and ends with the last. Records that were read
   * at once come one right after the other: a promise that a listener makes is awaited behind them. A listener that
   * throws loses that record alone, and what it threw goes to the listeners of errors. While one listens, the object
   * that the events are of is not collected.
   *
   * @param options - how to read, for all listeners: those of the first one count, and `signal` takes this listener away.
   * @throws BpfError `ERR_BPF_BUSY` for other options than reading began with.
   */
  on(name: 'event', listener: Listener<T>, options?: ListenOptions): this;
  on(name: 'error', listener: Listener<unknown>): this;
  on(name: 'end', listener: Listener<void>): this;
  /** Takes a listener away. */
  off(name: 'event' | 'error' | 'end', listener: Listener<never>): this;
  /** Takes nothing from the source until {@link resume}. */
  pause(): void;
  resume(): void;
  /** Waiting for events keeps the process alive: the default. */
  ref(): void;
  /** Waiting for events does not keep the process alive. */
  unref(): void;
  stats(): EventStats;
}

/** A stream of its own, which is closed by itself: events of one source, which has one reader at a time. */
export class Events<T> implements EventStream<T>, Closable {
  readonly #consumer: Consumer;
  readonly #codec: Codec<T>;
  readonly #decoders: Decoders<T>;
  readonly #listeners: Listeners<T>;

  /** @internal @param keeps - what must not be collected while a reader is open */
  constructor(source: EventSource, codec: Codec<T>, keeps?: () => object | undefined, consumer?: Consumer) {
    this.#consumer = consumer ?? new Consumer(source, keeps);
    this.#codec = codec;
    this.#decoders = new Decoders(codec);
    this.#listeners = new Listeners(() => this.#readEvents({}));
  }

  as<U>(codec: Codec<U>): Events<U> {
    return new Events(this.#consumer.source, codec, undefined, this.#consumer);
  }

  events(options: ReadOptions = {}): AsyncIterableIterator<T, undefined> {
    return this.#readEvents(options);
  }

  batches(options: ReadOptions = {}): AsyncIterableIterator<Batch<T>, undefined> {
    return this.#consumer.read(options, () => new Batch(this.#consumer, this.#decoders));
  }

  queue({ capacity, drop, ...options }: QueueOptions): EventQueue<T> {
    requireReadOptions('events through a queue', options, ['capacity', 'drop']);
    return new EventQueue(() => this.events(options), { capacity, drop });
  }

  record(path: string | URL): Recording {
    return this.#consumer.record(path, this.#codec);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    return this.events();
  }

  drain(): T[] {
    const consumer = this.#consumer;
    const records: T[] = [];
    const limits = { records: 4096, bytes: 256 * 1024 };
    // What comes meanwhile may come faster than it is read.
    let bytes = consumer.source.counts().waiting ?? Number.POSITIVE_INFINITY;
    do {
      const isNew = consumer.left === 0;
      if (!consumer.fill(limits)) break;
      if (isNew) bytes -= consumer.memory.used;
      while (consumer.left > 0) {
        if (records.length > 0 && !consumer.canRead(this.#codec)) return records;
        records.push(consumer.next(this.#codec));
      }
    } while (bytes > 0);
    return records;
  }

  on(name: 'event' | 'error' | 'end', listener: Listener<never>, options?: ListenOptions): this {
    this.#listeners.add(name, listener as Listener<unknown>, options);
    return this;
  }

  off(name: 'event' | 'error' | 'end', listener: Listener<never>): this {
    this.#listeners.remove(name, listener as Listener<unknown>);
    return this;
  }

  pause(): void {
    this.#consumer.paused = true;
  }

  resume(): void {
    this.#consumer.paused = false;
  }

  ref(): void {
    this.#consumer.source.keepAlive(true);
  }

  unref(): void {
    this.#consumer.source.keepAlive(false);
  }

  stats(): EventStats {
    const { delivered, abandoned, highWater, source } = this.#consumer;
    return { ...source.counts(), delivered, abandoned, highWater };
  }

  /** True once nothing will come any more. */
  get closed(): boolean {
    return this.#consumer.closed;
  }

  /** Ends the source, and with it the loop, also with records left. */
  async close(): Promise<void> {
    this.closeSync();
  }

  /** {@link close} on this thread. */
  closeSync(): void {
    this.#consumer.closeSync();
  }

  [Symbol.dispose](): void {
    this.closeSync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #readEvents(options: ReadOptions): Reader<T> {
    return this.#consumer.read(options, () => this.#consumer.next(this.#codec));
  }
}
