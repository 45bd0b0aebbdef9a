/** User ring buffers: records from JavaScript to BPF programs. */

import type { Codec } from '../codec/codec.js';
import { encode } from '../codec/index.js';
import { requireOptions } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import { type ReserveOptions, UserRing } from '../events/user-ring-source.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import { type MapHandle, native } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import { MapBase } from './map-state.js';

/** Room for one record: it ends with `submit()` or `discard()`, or with the block that it was declared in by `using`. */
export class Reservation<T = unknown> implements Disposable {
  readonly #ring: UserRing;
  readonly #codec: Codec<T>;
  readonly #number: number;
  readonly #name: string;
  #ended = false;
  /** Bytes that the record has. */
  readonly size: number;

  /** @internal */
  constructor(ring: UserRing, codec: Codec<T>, number: number, size: number, name: string) {
    this.#ring = ring;
    this.#codec = codec;
    this.#number = number;
    this.#name = name;
    this.size = size;
  }

  /**
   * Hands the record to the program.
   *
   * @param value - a value, or bytes as they are; what they leave of the record is zero
   * @throws BpfError `ERR_BPF_VALUE` for a value that does not fit its type, `E2BIG` for more bytes than were
   * reserved; the reservation is still open then.
   */
  submit(value: T | Uint8Array): void {
    this.#requireOpen('submit');
    const bytes = value instanceof Uint8Array ? value : encode(this.#codec, value);
    this.#ring.submit(this.#number, bytes);
    this.#ended = true;
  }

  /** Gives the room back; the program sees nothing of it. */
  discard(): void {
    this.#requireOpen('discard');
    this.#ended = true;
    this.#ring.discard(this.#number);
  }

  [Symbol.dispose](): void {
    if (!this.#ended && !this.#ring.closed) this.discard();
  }

  #requireOpen(verb: string): void {
    if (!this.#ended && !this.#ring.closed) return;
    const operation = `${verb} a record of user ring buffer ${this.#name}`;
    const reason = this.#ended ? 'it was submitted or discarded' : 'the ring buffer is closed';
    throw new BpfError({ code: 'ERR_BPF_CLOSED', operation, reason });
  }
}

/**
 * A ring buffer of records of type `T` that a program drains with `bpf_user_ringbuf_drain()`. It gets them in the
 * order in which they were reserved; one that is neither submitted nor discarded keeps back all behind it.
 *
 * @since Linux 6.1 (bpf_user_ringbuf_drain() in kernel/bpf/ringbuf.c)
 * @example
 * ```ts
 * bpf.maps.commands.send({ pid: process.pid, comm: 'node' });
 * using record = await bpf.maps.commands.reserveBlocking({ signal: AbortSignal.timeout(100) });
 * record.submit({ pid: 1, comm: 'init' });
 * ```
 */
export class UserRingBuffer<T = unknown, Kind extends MapKindName = 'user_ringbuf'> extends MapBase<Kind> {
  readonly #codec: Codec<T>;
  #ring: UserRing | undefined;

  /** @internal */
  constructor(handle: MapHandle, state: ObjectState, name: string, kind: Kind, codec: Codec<T>) {
    super(handle, state, name, kind);
    this.#codec = codec;
  }

  /**
   * Room for one record.
   *
   * @param size - of the record in bytes; its type's by default
   * @throws BpfError `ENOSPC` when the ring buffer is full, `E2BIG` for more than it has (user_ring_buffer__reserve()
   * in ringbuf.c).
   */
  reserve(size: number = this.#codec.size): Reservation<T> {
    return this.#reservation(this.#open().reserve(size), size);
  }

  /** {@link reserve}, as soon as there is room: in the order of the calls, without a thread that waits. */
  async reserveBlocking(options: ReserveOptions & { readonly size?: number } = {}): Promise<Reservation<T>> {
    this.#requireOptions(options, 'size');
    const size = options.size ?? this.#codec.size;
    return this.#reservation(await this.#open().reserveBlocking(size, options), size);
  }

  /** Reserves and submits one record; a flexible array gets as much room as its value needs. */
  send(value: T): void {
    const bytes = encode(this.#codec, value);
    const ring = this.#open();
    ring.submit(ring.reserve(bytes.length), bytes);
  }

  /** {@link send}, as soon as there is room. */
  async sendBlocking(value: T, options: ReserveOptions = {}): Promise<void> {
    this.#requireOptions(options);
    const bytes = encode(this.#codec, value);
    const ring = this.#open();
    ring.submit(await ring.reserveBlocking(bytes.length, options), bytes);
  }

  /** Waiting for room keeps the process alive: the default. */
  ref(): void {
    this.#open().keepAlive(true);
  }

  /** Waiting for room does not keep the process alive. */
  unref(): void {
    this.#open().keepAlive(false);
  }

  #requireOptions(options: ReserveOptions, ...others: readonly string[]): void {
    requireOptions(`reserve in map ${this.name}`, options, ['signal', 'pollInterval', ...others]);
  }

  #reservation(number: number, size: number): Reservation<T> {
    return new Reservation(this.#open(), this.#codec, number, size, this.name);
  }

  #open(): UserRing {
    this.state.use(`write user ring buffer ${this.name}`);
    if (this.#ring === undefined) {
      this.#ring = new UserRing(this.handle, this.name, this.maxEntries, native());
      this.state.adopt(this.#ring);
    }
    return this.#ring;
  }
}
