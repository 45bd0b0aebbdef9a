/** Maps by key, with a `Map`'s manners: what hashes, arrays and their per-CPU forms have in common. */
import type { MapKindName } from '../kinds/map-kinds.js';
import { ElementMap, flagsOf, type LookupOptions, type UpdateFlag, type UpdateOptions } from './elements.js';
import type { Walk, WalkOptions } from './walk.js';

/** A map by key. `E` is what an entry holds: a value, or a value for each CPU. */
export abstract class KeyValueMap<K, E, Kind extends MapKindName> extends ElementMap<K, E, Kind> {
  /** The entry of a key; undefined where there is none. */
  get(key: K, options?: LookupOptions): E | undefined {
    return this.lookup(key, options === undefined ? 0 : flagsOf(options));
  }

  /** True when the key is there. */
  has(key: K): boolean {
    return this.lookup(key) !== undefined;
  }

  /**
   * Writes an entry.
   *
   * @param options - `noexist` to add only, `exist` to overwrite only, `any` by default; or options.
   * @throws BpfError `ERR_BPF_VALUE` for a key or value that does not fit its type, `E2BIG` when the map is full,
   * `EEXIST` and `ENOENT` as the flag says, `EPERM` when it is frozen. The map is unchanged then.
   */
  set(key: K, entry: E, options: UpdateFlag | UpdateOptions = 'any'): this {
    this.update(key, entry, flagsOf(options));
    return this;
  }

  /** The key behind another in the kernel's order; the first one without, and behind one that is not there. */
  next(key?: K): K | undefined {
    return this.keyAfter(key);
  }

  /**
   * The keys, in the kernel's order, each at most once. Deleting the current one on the way is fine. When others
   * delete it, the walk starts over and leaves out what it met already; the generator returns how often.
   *
   * @throws BpfError `ERR_BPF_BUSY` when writers keep the walk from ending.
   */
  keys(options?: WalkOptions): Generator<K, Walk, undefined> {
    return this.walkKeys(options);
  }

  /** Keys with their entries; a key that is deleted meanwhile is left out. */
  entries(options?: WalkOptions): Generator<[K, E], Walk, undefined> {
    return this.walkEntries(options);
  }

  /** The entries without their keys. */
  *values(options?: WalkOptions): Generator<E, void, undefined> {
    for (const [, entry] of this.walkEntries(options)) yield entry;
  }

  [Symbol.iterator](): Generator<[K, E], Walk, undefined> {
    return this.walkEntries();
  }
}
