/** Cgroups by index, which programs ask whether a task or packet is in one of. */
import type { MapKindName } from '../kinds/map-kinds.js';
import { type WithDescriptor, withFile } from '../native/descriptor.js';
import { MapElements } from './elements.js';
import type { MapParts } from './encoded.js';
import { MapBase } from './map-state.js';

/**
 * An array of cgroups. User space writes it; only programs read it (fd_array_map_lookup_elem() in
 * kernel/bpf/arraymap.c).
 *
 * @since Linux 4.8
 */
export class CgroupArray<Kind extends MapKindName = 'cgroup_array'> extends MapBase<Kind> {
  /** @internal */
  readonly elements: MapElements<number, number>;

  /** @internal */
  constructor(...parts: MapParts<number, number, Kind>) {
    super(...parts);
    this.elements = new MapElements(this, parts);
  }

  /** How many places it has. */
  get size(): number {
    return this.maxEntries;
  }

  /** Puts a cgroup in a place: a directory of the cgroup v2 tree, by its path or `{ fd }`. */
  set(index: number, cgroup: string | WithDescriptor): this {
    withFile(cgroup, `update map ${this.name}`, fd => this.elements.update(index, fd));
    return this;
  }

  /** Empties a place; false where it was empty. */
  delete(index: number): boolean {
    return this.elements.remove(index);
  }
}
