/** Calls on one element: each class of map with elements holds a {@link MapElements}, and shows what is true of its kind. */

import { constants } from 'node:os';
import { BpfError } from '../errors/bpf-error.js';
import { errnoName } from '../native/errno.js';
import { native } from '../native/native.js';
import { type BulkAccess, sourceOf } from './bulk/access.js';
import { walkSlices } from './bulk/walk-slices.js';
import { bulkAccessTo, slotAccessTo } from './element-access.js';
import { type ElementCalls, emitCalls } from './element-calls.js';
import { EntryEncoding } from './encoded.js';
import type { SlotAccess } from './per-cpu-slot.js';
import type { RawKey } from './raw-key.js';
import { lockFlag } from './update-flags.js';
import { type Walk, type WalkOptions, walk } from './walk.js';

const { ENOENT } = constants.errno;

/** The elements of a map. `E` is what an entry holds: a value, or a value for each CPU. */
export class MapElements<K, E> extends EntryEncoding<K, E> {
  #calls: ElementCalls<K, E> | undefined;

  /** What programs call most, emitted when it is first called. */
  get calls(): ElementCalls<K, E> {
    this.#calls ??= this.#emitCalls();
    return this.#calls;
  }

  lookup(key: K | RawKey<K>, flags = 0, verb = 'look up in'): E | undefined {
    const slot = this.slot(verb);
    this.writeKey(slot, key);
    return this.#found(slot.lookup(flags) ?? 0, verb, flags) ? this.readEntry(slot) : undefined;
  }

  /** The bytes of an entry, valid until the next call. */
  lookupBytes(key: K | RawKey<K>): Uint8Array | undefined {
    const slot = this.slot('look up in');
    this.writeKey(slot, key);
    return this.#found(slot.lookup() ?? 0, 'look up in') ? slot.entry.bytes : undefined;
  }

  /** Straight into the caller's memory. */
  lookupInto(key: K | RawKey<K>, into: Uint8Array): boolean {
    const slot = this.slot('look up in');
    const { size } = this.entryCodec;
    if (!(into instanceof Uint8Array && into.length === size)) throw this.#unfitRoom(into, size);
    this.writeKey(slot, key);
    return this.#found(native().mapLookupElem(this.map.handle, slot.key.bytes, into, 0), 'look up in');
  }

  update(key: K | RawKey<K>, entry: E, flags = 0, verb = 'update'): void {
    const slot = this.slot(verb);
    this.writeEntry(slot, entry);
    this.writeKey(slot, key);
    const status = slot.update(flags);
    if (status !== undefined) throw this.map.failure(status, verb, this.#lockHint(status, flags));
  }

  remove(key: K | RawKey<K>, verb = 'delete from'): boolean {
    const slot = this.slot(verb);
    this.writeKey(slot, key);
    return this.#found(slot.delete() ?? 0, verb);
  }

  /** `since` is the release that brought it to this kind. */
  removeAndGet(key: K | RawKey<K>, flags: number, verb: string, since: string): E | undefined {
    const slot = this.slot(verb);
    this.writeKey(slot, key);
    const status = slot.lookupAndDelete(flags);
    if (status === undefined) return this.readEntry(slot);
    if (status === -ENOENT) return undefined;
    throw this.map.failure(status, verb, this.map.newerKernel(since, 'lookup-and-delete'));
  }

  /** The bytes of the key behind another, or of the first one. */
  bytesAfter(key: K | RawKey<K> | undefined): Uint8Array | undefined {
    return this.#next(key === undefined ? null : this.encodeKey(key));
  }

  /** Keys as bytes, each in memory of its own. */
  *walkBytes<T>(
    options: WalkOptions | undefined,
    give: (key: Uint8Array) => T,
  ): Generator<T, Walk, undefined> {
    const keys = walk(key => this.#next(key), this.map.name, this.most, options);
    for (;;) {
      const step = keys.next();
      if (step.done) return step.value;
      yield give(step.value);
    }
  }

  walkKeys(options?: WalkOptions): Generator<K, Walk, undefined> {
    return this.walkBytes(options, key => this.decodeKey(key));
  }

  /** Keys with their entries. Of one that is deleted meanwhile an entry may come that was read ahead, or none. */
  *walkEntries(options?: WalkOptions): Generator<[K, E], Walk, undefined> {
    const slices = walkSlices(sourceOf(this.bulkAccess()), this.map.kind);
    if (slices === undefined) return yield* this.#walkEntriesByKey(options);
    let keys = 0;
    for (const pairs of slices) {
      keys += pairs.length;
      for (const pair of pairs) {
        this.map.use('walk');
        yield pair;
      }
    }
    return { keys, restarts: 0 };
  }

  /** Looked up by the keys' bytes, since several keys may read as one value. */
  *#walkEntriesByKey(options?: WalkOptions): Generator<[K, E], Walk, undefined> {
    const keys = this.walkBytes(options, key => key);
    for (;;) {
      const step = keys.next();
      if (step.done) return step.value;
      const entry = this.#entryOf(step.value);
      if (entry !== undefined) yield [this.decodeKey(step.value), entry];
    }
  }

  /** For calls on many entries. */
  bulkAccess(): BulkAccess<K, E> {
    return bulkAccessTo(this);
  }

  /** For calls whose value is not a whole entry. */
  slotAccess(): SlotAccess<K, E> {
    return slotAccessTo(this);
  }

  #entryOf(key: Uint8Array): E | undefined {
    const slot = this.slot('look up in');
    slot.key.bytes.set(key);
    return this.#found(slot.lookup() ?? 0, 'look up in') ? this.readEntry(slot) : undefined;
  }

  #next(key: Uint8Array | null): Uint8Array | undefined {
    const next = new Uint8Array(this.map.keySize);
    return this.#found(native().mapGetNextKey(this.map.use('walk'), key, next), 'walk') ? next : undefined;
  }

  #emitCalls(): ElementCalls<K, E> {
    this.map.use('use');
    const others: ElementCalls<K, E> = {
      get: key => this.lookup(key),
      getInto: (key, into) => this.lookupInto(key, into),
      set: (key, entry) => this.update(key, entry),
      delete: key => this.remove(key),
    };
    return emitCalls(this, this.ownSlot(), others, {
      found: (status, verb) => this.#found(status, verb),
      refused: (status, verb) => {
        throw this.map.failure(status, verb);
      },
    });
  }

  /** Whether the key was there. */
  #found(status: number, verb: string, flags = 0): boolean {
    if (status === 0) return true;
    if (status === -ENOENT) return false;
    throw this.map.failure(status, verb, this.#lockHint(status, flags));
  }

  /** As many entries as there may be: storage of cgroups has one for each, however many those are. */
  get most(): number {
    return this.map.maxEntries || Number.POSITIVE_INFINITY;
  }

  #unfitRoom(given: unknown, size: number): BpfError {
    const got = given instanceof Uint8Array ? `${given.length}` : typeof given;
    const reason = `an entry takes a Uint8Array of ${size} bytes, got ${got}`;
    return new BpfError({ code: 'ERR_BPF_VALUE', operation: `look up in map ${this.map.name}`, reason });
  }

  #lockHint(status: number, flags: number): string | undefined {
    if ((flags & lockFlag) === 0 || errnoName(status) !== 'EINVAL') return undefined;
    return 'only a value with a struct bpf_spin_lock can be locked; the map needs BTF that says so';
  }
}
