/** User ring buffers in memory: what is submitted waits for the test. */
import type { Status } from '../native/native.js';
import { StandInHandle, type Table } from './front.js';
import { StandInMap } from './map.js';
import { refusals } from './status.js';

/** Records in the order in which they were reserved. */
export class StandInUserRing extends StandInMap {
  #last = 0;
  readonly #reserved = new Map<number, { readonly size: number; bytes?: Uint8Array }>();

  reserve(size: number): Status {
    if (size + 8 > this.plan.maxEntries) return refusals.E2BIG;
    const used = [...this.#reserved.values()].reduce((sum, record) => sum + record.size, 0);
    if (used + size > this.plan.maxEntries) return refusals.ENOSPC;
    this.#reserved.set(++this.#last, { size });
    return this.#last;
  }

  submit(reservation: number, bytes: Uint8Array): Status {
    const record = this.#reserved.get(reservation);
    if (record === undefined) return refusals.EINVAL;
    if (bytes.length > record.size) return refusals.E2BIG;
    record.bytes = new Uint8Array(record.size);
    record.bytes.set(bytes);
    return 0;
  }

  discard(reservation: number): Status {
    return this.#reserved.delete(reservation) ? 0 : refusals.EINVAL;
  }

  /** Takes out what was submitted; a record that is only reserved keeps back all behind it. */
  *consume(): Generator<Uint8Array, void, undefined> {
    for (const [reservation, { bytes }] of this.#reserved) {
      if (bytes === undefined) return;
      this.#reserved.delete(reservation);
      yield bytes;
    }
  }
}

/** The ring as the library opens it. */
class OpenUserRing extends StandInHandle {
  readonly map: StandInUserRing;

  constructor(map: StandInUserRing) {
    super();
    this.map = map;
  }

  get subject(): string {
    return this.map.subject;
  }
}

/** No descriptor has this number; nothing waits for it, since a ring in memory is read directly. */
const noDescriptor = 2 ** 30;

export const userRingCalls: Table = {
  userRingBufferOpen: (map: StandInUserRing) => new OpenUserRing(map),
  userRingBufferReserve: ({ map }: OpenUserRing, size: number) => map.reserve(size),
  userRingBufferSubmit: ({ map }: OpenUserRing, reservation: number, bytes: Uint8Array) =>
    map.submit(reservation, bytes),
  userRingBufferDiscard: ({ map }: OpenUserRing, reservation: number) => map.discard(reservation),
  userRingBufferFd: () => noDescriptor,
  userRingBufferClose: () => 0,
};
