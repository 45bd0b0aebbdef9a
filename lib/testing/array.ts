/** Arrays and data sections in memory: all entries are there from the start. */
import type { Status } from '../native/native.js';
import { lent, revoke } from './front.js';
import { type Entry, type MapPlan, refusedFlags, StandInMap } from './map.js';
import { refusals } from './status.js';

/**
 * Entries one behind the other, each in a multiple of 8 bytes, as array_map_alloc() in kernel/bpf/arraymap.c has
 * them.
 */
export class StandInArray extends StandInMap {
  readonly #stride: number;
  #bytes: Uint8Array<ArrayBuffer>;

  constructor(plan: MapPlan) {
    super(plan);
    this.#stride = (plan.entrySize + 7) & ~7;
    this.#bytes = new Uint8Array(this.#stride * plan.maxEntries);
  }

  /** The bytes of the only entry of a section. */
  get section(): Uint8Array {
    return this.#bytes.subarray(0, this.plan.entrySize);
  }

  override lookup(key: Uint8Array, value: Uint8Array, flags: number): Status {
    if (flags > 7) return refusals.EINVAL;
    const entry = this.#at(indexOf(key));
    if (entry === undefined) return refusals.ENOENT;
    value.set(entry.subarray(0, value.length));
    return 0;
  }

  override update(key: Uint8Array, value: Uint8Array, flags: number): Status {
    const entry = this.#at(indexOf(key));
    const refused = entry === undefined ? refusals.E2BIG : refusedFlags(flags, true);
    if (refused !== undefined) return refused;
    entry?.set(value);
    return 0;
  }

  override remove(): Status {
    return refusals.EINVAL;
  }

  override next(key: Uint8Array | null, next: Uint8Array): Status {
    const index = key === null ? 0 : indexOf(key) + 1;
    if (index === this.plan.maxEntries) return refusals.ENOENT;
    next.set(keyOf(index > this.plan.maxEntries ? 0 : index));
    return 0;
  }

  override entries(): readonly Entry[] {
    return Array.from({ length: this.plan.maxEntries }, (_, index) => {
      return [keyOf(index), (this.#at(index) ?? this.#bytes).slice()] as const;
    });
  }

  /** The memory itself; it is moved elsewhere when it is taken back, so that the borrower sees no byte of it. */
  lend(): ArrayBuffer {
    const { buffer } = this.#bytes;
    lent.set(buffer, () => {
      this.#bytes = this.#bytes.slice();
      return revoke(buffer);
    });
    return buffer;
  }

  #at(index: number): Uint8Array | undefined {
    if (index >= this.plan.maxEntries) return undefined;
    const start = index * this.#stride;
    return this.#bytes.subarray(start, start + this.plan.entrySize);
  }
}

function indexOf(key: Uint8Array): number {
  return new Uint32Array(key.slice().buffer)[0] ?? 0;
}

function keyOf(index: number): Uint8Array {
  return new Uint8Array(new Uint32Array([index]).buffer);
}
