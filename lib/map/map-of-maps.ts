import type { MapKindName } from '../kinds/map-kinds.js';
import { errnoName, failed } from '../native/errno.js';
import { type Flow, job, run, runSync } from '../native/flow.js';
import type { MapHandle } from '../native/native.js';
import { mapOpening, withFdAt } from '../native/openings.js';
import type { KernelPlace } from '../native/place.js';
import { MapElements } from './elements.js';
import type { MapParts } from './encoded.js';
import { MapBase } from './map-state.js';
import { RawKey } from './raw-key.js';
import { flagsOf, type UpdateFlag } from './update-flags.js';
import type { Walk, WalkOptions } from './walk.js';

/** Makes the inner map's class of a handle of its own. */
export type InnerMaker<Inner> = (handle: MapHandle, name: string) => Inner;

/**
 * An array or hash of maps. Inner maps are written by what has a descriptor, and read by opening them anew.
 *
 * @since Linux 4.12 (bpf_map_meta_alloc() in kernel/bpf/map_in_map.c)
 * @example
 * ```ts
 * bpf.maps.tenants.set(7, await createMap(map('hash', u32, u64), { maxEntries: 64 }));
 * await using counts = await bpf.maps.tenants.get(7);
 * ```
 */
export class MapOfMaps<
  K = number,
  Inner = unknown,
  Kind extends MapKindName = MapKindName,
> extends MapBase<Kind> {
  /** @internal */
  readonly elements: MapElements<K, number>;
  readonly #inner: InnerMaker<Inner>;

  /** @internal */
  constructor(
    ...[handle, state, name, kind, key, value, inner]: [...MapParts<K, number, Kind>, InnerMaker<Inner>]
  ) {
    super(handle, state, name, kind);
    this.elements = new MapElements(this, [handle, state, name, kind, key, value]);
    this.#inner = inner;
  }

  /** The id of the map in a place; undefined where there is none. */
  idOf(key: K | RawKey<K>): number | undefined {
    return this.elements.lookup(key);
  }

  /**
   * Opens the map in a place; undefined where there is none. Close it when done.
   *
   * @throws BpfError `EPERM` without CAP_SYS_ADMIN (bpf_map_get_fd_by_id() in kernel/bpf/syscall.c).
   */
  get(key: K | RawKey<K>): Promise<Inner | undefined> {
    return run(this.#open(key));
  }

  /** {@link get} on this thread. */
  getSync(key: K | RawKey<K>): Inner | undefined {
    return runSync(this.#open(key));
  }

  /**
   * Puts a map in a place. The place keeps it: it may be closed then.
   *
   * @throws BpfError `EINVAL` where it is not like the map that the outer one was made with: type, key, value, flags
   * (bpf_map_meta_equal() in kernel/bpf/map_in_map.c), and of xskmaps and of arrays without the flag `inner_map`
   * maxEntries (array_map_meta_equal() in kernel/bpf/arraymap.c), before Linux 5.10 of all.
   */
  set(key: K | RawKey<K>, map: KernelPlace, flag: UpdateFlag = 'any'): this {
    withFdAt(map, mapOpening, fd => this.elements.update(key, fd, flagsOf(flag, this.name)));
    return this;
  }

  /** Empties a place; false where it was empty. */
  delete(key: K | RawKey<K>): boolean {
    return this.elements.remove(key);
  }

  /** The keys: of an array every index. */
  keys(options?: WalkOptions): Generator<K, Walk, undefined> {
    return this.elements.walkKeys(options);
  }

  /** {@link keys}, each as its bytes in the map: what names one key where several read alike. */
  rawKeys(options?: WalkOptions): Generator<RawKey<K>, Walk, undefined> {
    return this.elements.walkBytes(options, key => this.elements.asRaw(key));
  }

  /** Keys of places that hold a map, with its id. */
  ids(options?: WalkOptions): Generator<[K, number], Walk, undefined> {
    return this.elements.walkEntries(options);
  }

  /** @internal */
  override failure(status: number, verb: string, hint?: string) {
    const unlike = verb === 'update' && errnoName(status) === 'EINVAL';
    const same =
      'an inner map has the type, key and value sizes, flags and mostly maxEntries of the template';
    return super.failure(status, verb, unlike ? same : hint);
  }

  *#open(key: K | RawKey<K>): Flow<Inner | undefined> {
    const id = this.elements.lookup(key);
    if (id === undefined) return undefined;
    const [result] = yield* job('mapOpenById', id, 0);
    if (!failed(result))
      return this.#inner(result, `${this.name}[${String(key instanceof RawKey ? key.value : key)}]`);
    // Another may have put something else in its place meanwhile.
    if (errnoName(result) === 'ENOENT' && this.elements.lookup(key) !== id) return yield* this.#open(key);
    throw this.failure(result, 'open an inner map of');
  }
}
