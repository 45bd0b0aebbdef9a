/** Perf events by CPU, which programs read or write records to. */
import type { MapKindName } from '../kinds/map-kinds.js';
import { descriptorOf, type WithDescriptor } from './descriptor.js';
import { ElementMap } from './elements.js';

/**
 * An array of perf events. User space writes it; only programs read it.
 *
 * @since Linux 4.3
 */
export class PerfEventArray<Kind extends MapKindName = 'perf_event_array'> extends ElementMap<
  number,
  number,
  Kind
> {
  /** How many places it has. */
  get size(): number {
    return this.maxEntries;
  }

  /** Puts the descriptor of a perf event in a place. */
  set(index: number, event: WithDescriptor): this {
    this.update(index, descriptorOf(event, `update map ${this.name}`));
    return this;
  }

  /** Empties a place; false where it was empty. */
  delete(index: number): boolean {
    return this.remove(index);
  }
}
