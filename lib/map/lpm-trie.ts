/** Tries of prefixes: the longest that covers an address wins. */

import type { MapKindName } from '../kinds/map-kinds.js';
import { sourceOf } from './bulk/access.js';
import { EntryStream } from './bulk/entry-stream.js';
import { deleteBatch, getBatch, readAll, setBatch } from './bulk/on-demand.js';
import type { SnapshotOptions, Snapshots } from './bulk/snapshot.js';
import { MapElements } from './elements.js';
import type { MapParts } from './encoded.js';
import { MapBase } from './map-state.js';
import { flagsOf, type UpdateFlag } from './update-flags.js';
import type { Walk, WalkOptions } from './walk.js';

/**
 * A trie by prefix. Prefixes are text: `10.0.0.0/8` where the data has 4 bytes, `2001:db8::/32` where it has 16, and
 * bytes in hexadecimal as `0x0a0b0c/20` for other lengths; without `/` all bits count. Looking up finds the longest
 * prefix that covers what is asked, so it is called `match` and not `get`.
 *
 * @since Linux 4.11 (trie_alloc() in kernel/bpf/lpm_trie.c)
 * @example
 * ```ts
 * bpf.maps.routes.set('10.0.0.0/8', 1n).set('10.1.0.0/16', 2n);
 * console.log(bpf.maps.routes.match('10.1.2.3')); // 2n
 * ```
 */
export class LpmTrie<V = unknown, Kind extends MapKindName = 'lpm_trie'> extends MapBase<Kind> {
  /** @internal */
  readonly elements: MapElements<string, V>;

  /** @internal */
  constructor(...parts: MapParts<string, V, Kind>) {
    super(...parts);
    this.elements = new MapElements(this, parts);
  }

  /** The value of the longest prefix that covers an address or prefix; undefined where none does. */
  match(address: string): V | undefined {
    return this.elements.lookup(address);
  }

  /** True where a prefix covers the address. */
  covers(address: string): boolean {
    return this.match(address) !== undefined;
  }

  /**
   * Writes the value of a prefix; bits behind its length count for nothing. Kernels before Linux 6.13, but for later
   * ones of their stable series, take `noexist` and `exist` and do as for `any` (trie_update_elem() in
   * kernel/bpf/lpm_trie.c).
   *
   * @throws BpfError `ERR_BPF_VALUE`, `ENOSPC` when the map is full; the map is unchanged then.
   */
  set(prefix: string, value: V, flag: UpdateFlag = 'any'): this {
    this.elements.update(prefix, value, flagsOf(flag, this.name));
    return this;
  }

  /** Deletes exactly this prefix; false where it was not there. */
  delete(prefix: string): boolean {
    return this.elements.remove(prefix);
  }

  /**
   * The prefixes, each at most once; from the longest to the shortest along each branch.
   *
   * @since Linux 4.16 (trie_get_next_key() in kernel/bpf/lpm_trie.c)
   */
  keys(options?: WalkOptions): Generator<string, Walk, undefined> {
    return this.elements.walkKeys(options);
  }

  /** Prefixes with their values. */
  entries(options?: WalkOptions): Generator<[string, V], Walk, undefined> {
    return this.elements.walkEntries(options);
  }

  /** All prefixes with their values, read off the main thread, in the form that is asked for. */
  snapshot<As extends keyof Snapshots<string, V> = 'pairs'>(
    options?: SnapshotOptions<As>,
  ): Promise<Snapshots<string, V>[As]> {
    return readAll(sourceOf(this.elements.bulkAccess()), false, options);
  }

  /** {@link match} for many addresses or prefixes, off the main thread. */
  matchBatch(addresses: Iterable<string>): Promise<(V | undefined)[]> {
    return getBatch(this.elements.bulkAccess(), addresses);
  }

  /**
   * Writes many prefixes, off the main thread. They are encoded before the first is written.
   *
   * @returns how many
   * @throws BpfError as `set` does; its hint tells how many were written.
   * @example
   * ```ts
   * await bpf.maps.routes.setBatch([['10.0.0.0/8', 1n], ['192.168.0.0/16', 2n]]);
   * ```
   */
  async setBatch(entries: Iterable<readonly [string, V]>, flag: UpdateFlag = 'any'): Promise<number> {
    return setBatch(this.elements.bulkAccess(), entries, flagsOf(flag, this.name));
  }

  /** Deletes exactly these prefixes, off the main thread; how many there were. */
  deleteBatch(prefixes: Iterable<string>): Promise<number> {
    return deleteBatch(this.elements.bulkAccess(), prefixes);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<[string, V]> {
    return new EntryStream(sourceOf(this.elements.bulkAccess()));
  }

  [Symbol.iterator](): Generator<[string, V], Walk, undefined> {
    return this.elements.walkEntries();
  }
}
