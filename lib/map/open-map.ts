/** A map before load: what may still be changed about it. */
import { check } from '../errno.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import { type MapHandle, native } from '../native.js';
import type { ObjectState } from '../object-state.js';

/** A map that the kernel does not have yet. */
export class OpenMap<Kind extends MapKindName = MapKindName> {
  readonly #handle: MapHandle;
  readonly #state: ObjectState;
  /** The map's name in its object. */
  readonly name: string;
  /** libbpf's name of the map type. */
  readonly kind: Kind;

  /** @internal */
  constructor(handle: MapHandle, state: ObjectState, name: string, kind: Kind) {
    this.#handle = handle;
    this.#state = state;
    this.name = name;
    this.kind = kind;
  }

  /** Entries at most; of a ring buffer bytes, which libbpf rounds up to a power of two of pages. */
  get maxEntries(): number {
    return check(native().mapMaxEntries(this.#handle), this.#state.use(`size of map ${this.name}`));
  }

  set maxEntries(count: number) {
    const operation = this.#state.use(`set the size of map ${this.name} to ${count}`);
    check(native().mapSetMaxEntries(this.#handle, count), operation);
  }
}
