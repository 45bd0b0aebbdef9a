/** Walks and calls for many keys, over maps in memory. */
import type { Status } from '../native/native.js';
import { StandInHandle, type Table } from './front.js';
import type { Entry, StandInMap } from './map.js';
import { refusals } from './status.js';

/** `enum Fill` of the addon: odd numbers drain. */
const drains = 1;

/** Sees what was there when it began. */
class StandInWalk extends StandInHandle {
  readonly map: StandInMap;
  readonly #entries: readonly Entry[];
  #at = 0;
  slice: readonly Entry[] = [];

  constructor(map: StandInMap) {
    super();
    this.map = map;
    this.#entries = map.entries();
  }

  get subject(): string {
    return this.map.subject;
  }

  next(fill: number, count: number): number {
    this.slice = this.#entries.slice(this.#at, this.#at + count);
    this.#at += this.slice.length;
    if (fill % 2 === drains) for (const [key] of this.slice) this.map.remove(key);
    return this.slice.length;
  }

  take(keys: Uint8Array, entries: Uint8Array): number {
    const { keySize, entrySize } = this.map.plan;
    for (const [index, [key, value]] of this.slice.entries()) {
      keys.set(key, index * keySize);
      entries.set(value, index * entrySize);
    }
    return this.slice.length;
  }

  column(ofKeys: boolean, offset: number, size: number, out: Uint8Array, first: number): number {
    for (const [index, entry] of this.slice.entries()) {
      const member = entry[ofKeys ? 0 : 1].subarray(offset, offset + size);
      out.set(member, (first + index) * size);
    }
    return this.slice.length;
  }
}

/** Calls that answer at once. */
export const walkCalls: Table = {
  mapWalk: (map: StandInMap) => new StandInWalk(map),
  walkTake: (walk: StandInWalk, keys: Uint8Array, entries: Uint8Array) => walk.take(keys, entries),
  walkColumn: (walk: StandInWalk, ...where: Parameters<StandInWalk['column']>) => walk.column(...where),
};

/** Calls that may block. */
export const walkJobs: Table = {
  walkNext: (walk: StandInWalk, fill: number, count: number) => walk.next(fill, count),
  mapLookupMany(map: StandInMap, keys: Uint8Array) {
    const each = split(keys, map.plan.keySize);
    const { entrySize } = map.plan;
    const values = new Uint8Array(each.length * (entrySize + 1));
    const found = values.subarray(each.length * entrySize);
    for (const [index, key] of each.entries()) {
      const value = values.subarray(index * entrySize, (index + 1) * entrySize);
      found[index] = map.lookup(key, value, 0) === 0 ? 1 : 0;
    }
    return answer(0, each.length, values);
  },
  mapUpdateMany(map: StandInMap, keys: Uint8Array, entries: Uint8Array, flags: number) {
    const values = split(entries, map.plan.entrySize);
    const each = split(keys, map.plan.keySize);
    for (const [index, key] of each.entries()) {
      const status = map.update(key, values[index] ?? new Uint8Array(), flags);
      if (status !== 0) return answer(status, index);
    }
    return answer(0, each.length);
  },
  mapDeleteMany(map: StandInMap, keys: Uint8Array) {
    const statuses = split(keys, map.plan.keySize).map(key => map.remove(key));
    const failed = statuses.find(status => status !== 0 && status !== refusals.ENOENT);
    return answer(failed ?? 0, statuses.filter(status => status === 0).length);
  },
};

function split(bytes: Uint8Array, size: number): readonly Uint8Array[] {
  return Array.from({ length: bytes.length / size }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

/** As the addon answers: `int32` status, `uint32` count, and what was read. */
function answer(status: Status, count: number, rest = new Uint8Array()): Uint8Array {
  const words = new Uint8Array(new Int32Array([status, count]).buffer);
  return Buffer.concat([words, rest]);
}
