/** Maps that give events: each is a map, and a stream. */
import type { Codec } from '../codec/codec.js';
import type { Batch } from '../events/batch.js';
import { type EventStats, type EventStream, Events } from '../events/events.js';
import type { Listener } from '../events/listeners.js';
import type { EventQueue, QueueOptions } from '../events/queue.js';
import type { ListenOptions, ReadOptions } from '../events/read-options.js';
import type { Recording } from '../events/recording/recording.js';
import { replacedSource } from '../events/replaced-sources.js';
import type { EventSource } from '../events/source.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import type { MapHandle } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import { MapBase } from './map-state.js';

/** A map whose records are events of type `T`. */
export abstract class EventMap<T, Kind extends MapKindName> extends MapBase<Kind> implements EventStream<T> {
  readonly #value: Codec<T>;
  #events: Events<T> | undefined;

  /** @internal */
  constructor(handle: MapHandle, state: ObjectState, name: string, kind: Kind, value: Codec<T>) {
    super(handle, state, name, kind);
    this.#value = value;
  }

  /** @internal Opens the source of the events, once. */
  protected abstract openSource(): EventSource;

  /**
   * The records from now on, with what waits already. The loop ends when the object closes. Of a record that is longer
   * than its type it gives what the type has.
   *
   * @param options - `signal` ends the loop by throwing the signal's reason.
   * @throws BpfError `ERR_BPF_BUSY` while another loop reads this map; `ERR_BPF_RECORD` at a record that its type
   * cannot read, which is passed over: the loop, or a new one, goes on behind it.
   */
  events(options: ReadOptions = {}): AsyncIterableIterator<T, undefined> {
    return this.stream.events(options);
  }

  batches(options: ReadOptions = {}): AsyncIterableIterator<Batch<T>, undefined> {
    return this.stream.batches(options);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    return this.stream.events();
  }

  as<U>(codec: Codec<U>): EventStream<U> {
    return this.stream.as(codec);
  }

  queue(options: QueueOptions): EventQueue<T> {
    return this.stream.queue(options);
  }

  record(path: string | URL): Recording {
    return this.stream.record(path);
  }

  drain(): T[] {
    return this.stream.drain();
  }

  on(name: 'event', listener: Listener<T>, options?: ListenOptions): this;
  on(name: 'error', listener: Listener<unknown>): this;
  on(name: 'end', listener: Listener<void>): this;
  on(name: 'event' | 'error' | 'end', listener: Listener<never>, options?: ListenOptions): this {
    this.stream.on(name as 'event', listener as Listener<T>, options);
    return this;
  }

  off(name: 'event' | 'error' | 'end', listener: Listener<never>): this {
    this.stream.off(name, listener);
    return this;
  }

  pause(): void {
    this.stream.pause();
  }

  resume(): void {
    this.stream.resume();
  }

  ref(): void {
    this.stream.ref();
  }

  unref(): void {
    this.stream.unref();
  }

  stats(): EventStats {
    return this.stream.stats();
  }

  /** @internal The stream, opened on first use. */
  protected get stream(): Events<T> {
    this.state.use(`read ${this.name}`);
    if (this.#events === undefined) {
      const source = replacedSource(this.state, this.name) ?? this.openSource();
      this.#events = new Events(source, this.#value, () => this.state.owner?.deref());
      this.state.adopt(this.#events);
    }
    return this.#events;
  }
}
