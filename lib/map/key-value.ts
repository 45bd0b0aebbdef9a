/** Maps by key, with a `Map`'s manners: what hashes, arrays and their per-CPU forms have in common. */

import type { MapKindName } from '../kinds/map-kinds.js';
import { sourceOf } from './bulk/access.js';
import { EntryStream } from './bulk/entry-stream.js';
import { getBatch, readAll, setBatch } from './bulk/on-demand.js';
import type { SnapshotOptions, Snapshots } from './bulk/snapshot.js';
import { MapElements } from './elements.js';
import type { MapParts } from './encoded.js';
import { MapBase } from './map-state.js';
import { RawKey } from './raw-key.js';
import { flagsOf, type LookupOptions, type UpdateFlag, type UpdateOptions } from './update-flags.js';
import type { Walk, WalkOptions } from './walk.js';

/** A map by key. `E` is what an entry holds: a value, or a value for each CPU. */
export abstract class KeyValueMap<K, E, Kind extends MapKindName> extends MapBase<Kind> {
  /** @internal */
  readonly elements: MapElements<K, E>;

  /** @internal */
  constructor(...parts: MapParts<K, E, Kind>) {
    super(...parts);
    this.elements = new MapElements(this, parts);
  }

  /** The entry of a key; undefined where there is none. */
  get(key: K | RawKey<K>, options?: LookupOptions): E | undefined {
    const { elements } = this;
    return options === undefined
      ? elements.calls.get(key)
      : elements.lookup(key, flagsOf(options, this.name));
  }

  /**
   * Reads the bytes of an entry into memory of yours: no value is made of them, so that nothing is left to collect. Of a
   * per-CPU map they are those of all CPUs, each at a multiple of eight bytes.
   *
   * @returns false where the key is not there; `into` stays as it was then
   * @throws BpfError `ERR_BPF_VALUE` where `into` has not as many bytes as an entry.
   * @example
   * ```ts
   * const counts = bpf.maps.counts;
   * const bytes = new Uint8Array(counts.valueSize);
   * const view = new DataView(bytes.buffer);
   * if (counts.getInto(7, bytes)) console.log(view.getUint32(0, true));
   * ```
   */
  getInto(key: K | RawKey<K>, into: Uint8Array): boolean {
    return this.elements.calls.getInto(key, into);
  }

  /** True when the key is there. */
  has(key: K | RawKey<K>): boolean {
    return this.elements.lookup(key) !== undefined;
  }

  /**
   * Writes an entry.
   *
   * @param options - `noexist` to add only, `exist` to overwrite only, `any` by default; or options.
   * @throws BpfError `ERR_BPF_VALUE` for a key or value that does not fit its type, `E2BIG` when the map is full
   * (alloc_htab_elem() in kernel/bpf/hashtab.c), `EEXIST` and `ENOENT` as the flag says, `EPERM` when it is frozen
   * (map_update_elem() in kernel/bpf/syscall.c). The map is unchanged then.
   */
  set(key: K | RawKey<K>, entry: E, options: UpdateFlag | UpdateOptions = 'any'): this {
    if (options === 'any') this.elements.calls.set(key, entry);
    else this.elements.update(key, entry, flagsOf(options, this.name));
    return this;
  }

  /**
   * The key behind another in the map's order; the first one without, and behind one that is not there
   * (htab_map_get_next_key() in kernel/bpf/hashtab.c). Behind a raw key it is a raw one.
   */
  next(key: RawKey<K>): RawKey<K> | undefined;
  next(key?: K): K | undefined;
  next(key?: K | RawKey<K>): K | RawKey<K> | undefined {
    const bytes = this.elements.bytesAfter(key);
    if (bytes === undefined) return undefined;
    return key instanceof RawKey ? this.elements.asRaw(bytes) : this.elements.decodeKey(bytes);
  }

  /**
   * The keys, in the map's order, each at most once. Deleting the current one on the way is fine. When others delete
   * it, the walk starts over (htab_map_get_next_key() in kernel/bpf/hashtab.c) and leaves out what it met already;
   * the generator returns how often.
   *
   * @throws BpfError `ERR_BPF_BUSY` when writers keep the walk from ending.
   */
  keys(options?: WalkOptions): Generator<K, Walk, undefined> {
    return this.elements.walkKeys(options);
  }

  /** {@link keys}, each as its bytes in the map: what names one key where several read alike. */
  rawKeys(options?: WalkOptions): Generator<RawKey<K>, Walk, undefined> {
    return this.elements.walkBytes(options, key => this.elements.asRaw(key));
  }

  /**
   * A key of these bytes, which it copies.
   *
   * @throws BpfError `ERR_BPF_VALUE` where they are not as many as the map's keys have.
   */
  rawKey(bytes: Uint8Array): RawKey<K> {
    return this.elements.asRaw(Uint8Array.from(bytes));
  }

  /**
   * Keys with their entries. Of hashes and arrays up to 256 are read ahead: an entry is what it was then, and one that is
   * deleted meanwhile may come all the same; deleting and writing on the way, by the loop itself or others, is fine, and
   * what stays comes once. Of other kinds each is looked up in its turn. With `for await` they are read off the main
   * thread, many at a time: what stays in the map meanwhile comes, whatever writers do.
   */
  entries(options?: WalkOptions): Generator<[K, E], Walk, undefined> & AsyncIterable<[K, E]> {
    return Object.assign(this.elements.walkEntries(options), {
      [Symbol.asyncIterator]: () => this[Symbol.asyncIterator](),
    });
  }

  /** The entries without their keys. */
  *values(options?: WalkOptions): Generator<E, void, undefined> {
    for (const [, entry] of this.elements.walkEntries(options)) yield entry;
  }

  [Symbol.iterator](): Generator<[K, E], Walk, undefined> {
    return this.elements.walkEntries();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<[K, E]> {
    return new EntryStream(sourceOf(this.elements.bulkAccess()));
  }

  /**
   * All entries in one go, read off the main thread. What stays in the map meanwhile is among them; a hash gives each
   * key once, however much is written.
   *
   * @param options - `{ as: 'columns' }` for a typed array of each number, `{ as: 'entries' }` for objects instead of pairs.
   * @throws BpfError `ERR_BPF_BUSY` when writers keep it from ending, which a hash never lets them.
   * @example
   * ```ts
   * const byPid = new Map(await bpf.maps.counts.snapshot());
   * const { length, key, value } = await bpf.maps.counts.snapshot({ as: 'columns' });
   * ```
   */
  snapshot<As extends keyof Snapshots<K, E> = 'pairs'>(
    options?: SnapshotOptions<As>,
  ): Promise<Snapshots<K, E>[As]> {
    return readAll(sourceOf(this.elements.bulkAccess()), false, options);
  }

  /** The entries of many keys, off the main thread; undefined for each that is not there. */
  getBatch(keys: Iterable<K | RawKey<K>>): Promise<(E | undefined)[]> {
    return getBatch(this.elements.bulkAccess(), keys);
  }

  /**
   * Writes many entries, off the main thread, in their order. They are encoded before the first is written.
   *
   * @returns how many
   * @throws BpfError as `set` does; its hint tells how many were written.
   * @since Linux 5.6 (bpf_map_do_batch() in kernel/bpf/syscall.c); one by one on older kernels and for kinds that
   * have no batch there.
   */
  async setBatch(entries: Iterable<readonly [K | RawKey<K>, E]>, flag: UpdateFlag = 'any'): Promise<number> {
    return setBatch(this.elements.bulkAccess(), entries, flagsOf(flag, this.name));
  }
}
