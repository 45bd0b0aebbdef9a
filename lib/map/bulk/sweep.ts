/**
 * All entries of a map, a slice at a time: by `BPF_MAP_LOOKUP_BATCH` where the kind has it (bpf_map_do_batch() in
 * kernel/bpf/syscall.c), else key by key.
 */

import { argumentError } from '../../errors/arguments.js';
import { BpfError } from '../../errors/bpf-error.js';
import { check, errnoName } from '../../native/errno.js';
import { type Flow, job } from '../../native/flow.js';
import { type MapHandle, native, type WalkHandle } from '../../native/native.js';
import type { ObjectState } from '../../native/owner.js';
import type { Failure } from './many.js';
import type { Reduction } from './reduction.js';

/** What a walk needs to know of a map. */
export interface Swept {
  readonly handle: MapHandle;
  readonly state: ObjectState;
  readonly name: string;
  readonly keySize: number;
  /** Bytes of one entry, of all CPUs where it has one for each. */
  readonly entrySize: number;
  readonly maxEntries: number;
  readonly failure: Failure;
}

/** How a map is walked. */
export interface SweepOptions {
  /**
   * Entries that one system call gets: fewer keep the thread in the kernel more briefly. 8192, or fewer where they
   * are big.
   */
  readonly batchSize?: number;
}

/** A slice's entries: how many, and their bytes one behind the other. Valid until the next slice. */
export interface Slice {
  readonly count: number;
  readonly keys: DataView;
  readonly entries: DataView;
}

/** Copied in less time than a job for the pool takes. */
const smallMap = { entries: 256, bytes: 16 * 1024 };
const usualEntries = 8192;
const usualBytes = 1024 * 1024;
/** A batch that fails for the moment is tried again; this often, no more. */
const mostTries = 100;
/** `enum Fill` of the addon. */
const drains = 1;
const keyByKey = 2;

/** A walk from the first entry to the last. Each entry that stays in the map meanwhile is seen. */
export class Sweep {
  readonly #map: Swept;
  readonly #handle: WalkHandle;
  readonly #reduction: Reduction | undefined;
  readonly #verb: string;
  readonly #operation: string;
  #fill: number;
  #size: number;
  #seen = 0;
  #count = 0;
  #keys = new Uint8Array();
  #entries = new Uint8Array();

  constructor(map: Swept, drain: boolean, { batchSize }: SweepOptions, reduction?: Reduction) {
    this.#map = map;
    this.#reduction = reduction;
    this.#verb = drain ? 'drain' : 'walk';
    this.#operation = `${this.#verb} map ${map.name}`;
    this.#fill = drain ? drains : 0;
    this.#size = this.#requireSize(batchSize);
    map.state.use(this.#operation);
    this.#handle = check(native().mapWalk(map.handle), this.#operation) as WalkHandle;
  }

  /** True for a map of so few entries at most that it is best read on this thread. */
  get small(): boolean {
    const { maxEntries, keySize, entrySize } = this.#map;
    return maxEntries <= smallMap.entries && maxEntries * (keySize + entrySize) <= smallMap.bytes;
  }

  /**
   * True while batches answer, which name no key twice where the kind's go by bucket
   * (__htab_map_lookup_and_delete_batch() in kernel/bpf/hashtab.c) or by index.
   */
  get byBatch(): boolean {
    return this.#fill < keyByKey;
  }

  /** Fills the next slice; how many entries it has, 0 at the end. */
  *next(): Flow<number> {
    for (let tries = 1; ; tries++) {
      this.#map.state.use(this.#operation);
      const [answer] = yield* job('walkNext', this.#handle, this.#fill, this.#size);
      const count = answer as number;
      if (count >= 0) return this.#counted(count);
      if (!this.#adapts(errnoName(count)) || tries === mostTries) throw this.#map.failure(count, this.#verb);
    }
  }

  /** Copies the slice that was filled last. */
  take(): Slice {
    this.#map.state.use(this.#operation);
    const { keySize, entrySize } = this.#map;
    if (this.#keys.length < this.#count * keySize) this.#keys = new Uint8Array(this.#count * keySize);
    if (this.#entries.length < this.#count * entrySize)
      this.#entries = new Uint8Array(this.#count * entrySize);
    check(native().walkTake(this.#handle, this.#keys, this.#entries), this.#operation);
    const all = this.#entries.subarray(0, this.#count * entrySize);
    const entries = this.#reduction?.reduce(all) ?? all;
    return { count: this.#count, keys: viewOf(this.#keys), entries: viewOf(entries) };
  }

  /** True where the bytes of entries are as in the map, so that {@link column} can copy from them. */
  get hasColumns(): boolean {
    return this.#reduction === undefined;
  }

  /** Copies one member of all entries of the slice that was filled last. */
  column(ofKeys: boolean, offset: number, size: number, out: Uint8Array, first: number): void {
    this.#map.state.use(this.#operation);
    check(native().walkColumn(this.#handle, ofKeys, offset, size, out, first), this.#operation);
  }

  /** Changes the size or kind of the calls after an errno that a different call avoids. */
  #adapts(code: string): boolean {
    if (code === 'ENOSPC')
      this.#size *= 2; // a bucket holds more than the slice
    else if (code === 'ENOTSUPP' && this.#fill < keyByKey) this.#fill += keyByKey;
    else return code === 'EINTR' || code === 'EBUSY'; // writers were in between
    return true;
  }

  /** A map whose entries all change while it is walked could be walked for ever. */
  #counted(count: number): number {
    this.#count = count;
    this.#seen += count;
    if (this.#fill % 2 === drains || this.#seen <= 8 * this.#map.maxEntries + usualEntries) return count;
    const reason = `more than ${this.#seen} entries in a map of ${this.#map.maxEntries}: writers keep changing it`;
    throw new BpfError({ code: 'ERR_BPF_BUSY', operation: this.#operation, reason, hint: 'walk again' });
  }

  #requireSize(given: number | undefined): number {
    const bytes = this.#map.keySize + this.#map.entrySize;
    const usual = Math.min(usualEntries, this.#map.maxEntries, Math.floor(usualBytes / bytes));
    const size = given ?? Math.max(usual, 1);
    if (Number.isInteger(size) && size > 0 && size <= 2 ** 20) return size;
    const reason = `batchSize is an integer from 1 to 2^20, not ${size}`;
    throw argumentError(this.#operation, reason);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
