/** Ring buffers: records of the kernel, decoded, pulled by `for await`. */
import type { Codec } from './codec/codec.js';
import { BpfError } from './errors.js';
import type { MapKindName } from './kinds/map-kinds.js';
import { MapBase } from './map/map-state.js';
import { type MapHandle, native } from './native.js';
import type { ObjectState } from './object-state.js';
import { RingCursor } from './ring-cursor.js';
import { RingEvents, type RingEventsOptions } from './ring-events.js';

/**
 * A ring buffer of records of type `T`. Reading is pulled: while JavaScript is busy, records wait in the kernel.
 * What a loop leaves unread, the next one gets.
 *
 * @since Linux 5.8
 * @example
 * ```ts
 * for await (const event of bpf.maps.events) console.log(event.pid, event.comm);
 * ```
 */
export class RingBuffer<T = unknown, Kind extends MapKindName = 'ringbuf'> extends MapBase<Kind> {
  readonly #value: Codec<T>;
  #cursor: RingCursor<T> | undefined;
  #reader: RingEvents<T> | undefined;

  /** @internal */
  constructor(handle: MapHandle, state: ObjectState, name: string, kind: Kind, value: Codec<T>) {
    super(handle, state, name, kind);
    this.#value = value;
  }

  /** Bytes that wait in the kernel to be read, their headers included. */
  get available(): number {
    return this.#open().available;
  }

  /**
   * The records from now on, with what waits already. The loop ends when the object closes.
   *
   * @param options - `signal` ends the loop by throwing the signal's reason.
   * @throws BpfError `ERR_BPF_BUSY` while another loop reads this ring; `ERR_BPF_RECORD` at a record that is
   * shorter than its type, which is passed over: a new loop goes on behind it.
   */
  events(options: RingEventsOptions = {}): AsyncIterableIterator<T> {
    if (this.#reader !== undefined && !this.#reader.closed) throw this.#busy();
    const reader = new RingEvents(this.#open(), options);
    this.#reader = reader;
    this.state.adopt(reader);
    return reader;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return this.events();
  }

  /** What is there now, without waiting. */
  drain(): T[] {
    const cursor = this.#open();
    const records: T[] = [];
    while (cursor.fill()) while (cursor.left > 0) records.push(cursor.next());
    return records;
  }

  #open(): RingCursor<T> {
    this.state.use(`read ring buffer ${this.name}`);
    if (this.#cursor === undefined) {
      this.#cursor = new RingCursor(this.handle, this.name, this.maxEntries, this.#value, native());
      this.state.adopt(this.#cursor);
    }
    return this.#cursor;
  }

  #busy(): BpfError {
    const reason = 'another loop is reading it';
    const hint = 'a ring buffer has one reader; end that loop first';
    return new BpfError({ code: 'ERR_BPF_BUSY', operation: `read ring buffer ${this.name}`, reason, hint });
  }
}
