/** Maps with one value for each key: hash, array, LRU and their like. */
import type { Codec } from '../codec/codec.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import type { MapHandle } from '../native.js';
import type { ObjectState } from '../object-state.js';
import { KeyValueMap } from './key-value.js';

/**
 * A map by key and value.
 *
 * @example
 * ```ts
 * bpf.maps.counts.set(1, 10n);
 * for (const [pid, count] of bpf.maps.counts) console.log(pid, count);
 * ```
 */
export class BpfMap<K = unknown, V = unknown, Kind extends MapKindName = MapKindName> extends KeyValueMap<
  K,
  V,
  Kind
> {
  readonly #value: Codec<V>;

  /** @internal */
  constructor(
    handle: MapHandle,
    state: ObjectState,
    name: string,
    kind: Kind,
    key: Codec<K>,
    value: Codec<V>,
  ) {
    super(handle, state, name, kind, key, value.size);
    this.#value = value;
  }

  protected decode(view: DataView): V {
    return this.#value.read(view, 0, view.byteLength);
  }

  protected encode(view: DataView, value: V): void {
    this.#value.write(view, 0, value);
  }
}
