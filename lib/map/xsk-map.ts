/** AF_XDP sockets by queue, which XDP programs redirect to. */
import type { MapKindName } from '../kinds/map-kinds.js';
import { descriptorOf, type WithDescriptor } from '../native/descriptor.js';
import { MapElements } from './elements.js';
import type { MapParts } from './encoded.js';
import { MapBase } from './map-state.js';

/**
 * A map of AF_XDP sockets. A socket leaves it when it is closed; only programs read it
 * (xsk_map_lookup_elem_sys_only() in net/xdp/xskmap.c).
 *
 * @since Linux 4.18
 */
export class XskMap<Kind extends MapKindName = 'xskmap'> extends MapBase<Kind> {
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

  /**
   * Puts an AF_XDP socket in a place, as `{ fd }`.
   *
   * @throws BpfError `EOPNOTSUPP` for a socket of another family; newer kernels say `ENOBUFS` where it has no ring
   * for received packets (xsk_map_update_elem() in net/xdp/xskmap.c).
   */
  set(queue: number, socket: WithDescriptor): this {
    this.elements.update(queue, descriptorOf(socket, `update map ${this.name}`));
    return this;
  }

  /** Empties a place; true also where it was empty (xsk_map_delete_elem() in net/xdp/xskmap.c). */
  delete(queue: number): boolean {
    return this.elements.remove(queue);
  }
}
