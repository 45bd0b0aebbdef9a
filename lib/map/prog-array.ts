/** Programs by index, for tail calls. */

import { littleEndian } from '../btf/byte-order.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import { native } from '../native/native.js';
import { programOpening, withFdAt } from '../native/openings.js';
import type { KernelPlace } from '../native/place.js';
import { MapElements } from './elements.js';
import { watchForEmptying } from './emptied.js';
import type { MapParts } from './encoded.js';
import { MapBase } from './map-state.js';

/**
 * An array of programs that others jump to by `bpf_tail_call()`. The kernel empties it when its last descriptor or
 * pin goes (prog_array_map_clear() in kernel/bpf/arraymap.c), also while a pinned link still runs programs that jump
 * through it: then pin the array too. An object that would lose its jumps so warns (`LIBBPF_TS_EMPTIED_PROG_ARRAY`).
 *
 * @since Linux 4.2
 */
export class ProgArray<Kind extends MapKindName = 'prog_array'> extends MapBase<Kind> {
  /** @internal */
  readonly elements: MapElements<number, number>;
  /** @internal */
  constructor(...parts: MapParts<number, number, Kind>) {
    super(...parts);
    this.elements = new MapElements(this, parts);
    watchForEmptying(this, this.state);
  }

  /** How many places it has. */
  get size(): number {
    return this.maxEntries;
  }

  /** @internal True when a place holds a program; answers also while its object closes. */
  get populated(): boolean {
    const [key, id] = [new Uint8Array(4), new Uint8Array(4)];
    const view = new DataView(key.buffer);
    for (let index = 0; index < this.maxEntries; index++) {
      view.setUint32(0, index, littleEndian);
      if (native().mapLookupElem(this.handle, key, id, 0) === 0) return true;
    }
    return false;
  }

  /** The id of the program in a place; undefined where it is empty. */
  get(index: number): number | undefined {
    return this.elements.lookup(index);
  }

  /**
   * Puts a program in a place; programs that jump there from now on find it.
   *
   * @throws BpfError `EINVAL` where it is of another type than the programs that use the array
   * (bpf_prog_map_compatible() in kernel/bpf/core.c), `E2BIG` for an index beyond its size.
   */
  set(index: number, program: KernelPlace): this {
    withFdAt(program, programOpening, fd => this.elements.update(index, fd));
    return this;
  }

  /** Empties a place; false where it was empty. */
  delete(index: number): boolean {
    return this.elements.remove(index);
  }

  /** Places that hold a program, with its id. */
  *entries(): Generator<[number, number], void, undefined> {
    for (const [index, id] of this.elements.walkEntries()) yield [index, id];
  }

  [Symbol.iterator](): Generator<[number, number], void, undefined> {
    return this.entries();
  }
}
