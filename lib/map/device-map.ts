/** Interfaces that XDP programs redirect to. */
import type { MapKindName } from '../kinds/map-kinds.js';
import { MapElements } from './elements.js';
import type { MapParts } from './encoded.js';
import { MapBase } from './map-state.js';
import { type DeviceTarget, interfaceIndex, type Redirect, redirectTo } from './redirect.js';
import type { Walk, WalkOptions } from './walk.js';

/** An interface in a device map. */
export interface Device {
  /** The interface's index. */
  readonly ifindex: number;
  /** The program that runs there; 0 for none. */
  readonly programId: number;
}

/**
 * A devmap, by index, or devmap_hash, by key of one's own.
 *
 * @since Linux 4.14; devmap_hash 5.4 (dev_map_alloc() in kernel/bpf/devmap.c)
 */
export class DeviceMap<Kind extends MapKindName = 'devmap' | 'devmap_hash'> extends MapBase<Kind> {
  /** @internal */
  readonly elements: MapElements<number, Redirect>;

  /** @internal */
  constructor(...parts: MapParts<number, Redirect, Kind>) {
    super(...parts);
    this.elements = new MapElements(this, parts);
  }

  /** The interface in a place; undefined where it is empty. */
  get(key: number): Device | undefined {
    const found = this.elements.lookup(key);
    return found && deviceOf(found);
  }

  /**
   * Puts an interface in a place, by name or index, or with a program.
   *
   * @throws BpfError `ENODEV` where no interface of this network namespace has the name, `EINVAL` where none has the
   * index (__dev_map_alloc_node() in kernel/bpf/devmap.c).
   */
  set(key: number, device: DeviceTarget | string | number): this {
    const operation = `update map ${this.name}`;
    const { interface: name, program } =
      typeof device === 'object' ? device : { interface: device, program: undefined };
    const target = interfaceIndex(name, operation);
    const write = (redirect: Redirect) => this.elements.update(key, redirect);
    redirectTo(target, program, this.valueSize, operation, write);
    return this;
  }

  /** Empties a place; false where it was empty and the kind tells. */
  delete(key: number): boolean {
    return this.elements.remove(key);
  }

  /** Places that hold an interface, with it. */
  *entries(options?: WalkOptions): Generator<[number, Device], Walk, undefined> {
    const places = this.elements.walkEntries(options);
    for (;;) {
      const step = places.next();
      if (step.done) return step.value;
      const [key, found] = step.value;
      yield [key, deviceOf(found)];
    }
  }

  [Symbol.iterator](): Generator<[number, Device], Walk, undefined> {
    return this.entries();
  }
}

function deviceOf({ target, programId }: Redirect): Device {
  return { ifindex: target, programId };
}
