/** Stacks that `bpf_get_stackid()` kept, by the id that it answered. */

import { littleEndian } from '../btf/byte-order.js';
import type { Codec } from '../codec/index.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import { MapElements } from './elements.js';
import type { MapParts } from './encoded.js';
import { MapBase } from './map-state.js';
import type { Walk, WalkOptions } from './walk.js';

/** One frame: an address, or a place in a file known by its build id, as the map's flags say. */
export type StackFrame = { readonly address: bigint } | { readonly buildId: string; readonly offset: number };

/**
 * A stack trace map.
 *
 * @since Linux 4.6 (stack_map_alloc() in kernel/bpf/stackmap.c)
 * @example
 * ```ts
 * for (const [id, frames] of bpf.maps.stacks) console.log(id, frames.length);
 * ```
 */
export class StackTraceMap<Kind extends MapKindName = 'stack_trace'> extends MapBase<Kind> {
  /** @internal */
  readonly elements: MapElements<number, StackFrame[]>;

  /** @internal */
  constructor(...parts: MapParts<number, StackFrame[], Kind>) {
    super(...parts);
    this.elements = new MapElements(this, parts);
  }

  /** The frames of a stack, the innermost first; undefined where the id is not there. */
  get(id: number): StackFrame[] | undefined {
    return this.elements.lookup(id);
  }

  /** Forgets a stack; false where the id was not there. */
  delete(id: number): boolean {
    return this.elements.remove(id);
  }

  /** The ids. */
  keys(options?: WalkOptions): Generator<number, Walk, undefined> {
    return this.elements.walkKeys(options);
  }

  /** Ids with their frames. */
  entries(options?: WalkOptions): Generator<[number, StackFrame[]], Walk, undefined> {
    return this.elements.walkEntries(options);
  }

  [Symbol.iterator](): Generator<[number, StackFrame[]], Walk, undefined> {
    return this.elements.walkEntries();
  }
}

/** `BPF_F_STACK_BUILD_ID`. */
const buildIdFlag = 32;

/** Frames of a value of so many bytes; those behind the stack's end are left out. */
export function frames(size: number, mapFlags: number): Codec<StackFrame[]> {
  const byBuildId = (mapFlags & buildIdFlag) !== 0;
  const step = byBuildId ? 32 : 8;
  return {
    type: byBuildId ? 'struct bpf_stack_build_id[]' : '__u64[]',
    size,
    flexible: false,
    read(view, offset) {
      const found: StackFrame[] = [];
      for (let at = offset; at + step <= offset + size; at += step) {
        const frame = byBuildId ? placeAt(view, at) : addressAt(view, at);
        if (frame === undefined) break;
        found.push(frame);
      }
      return found;
    },
    // User space cannot write stacks (stack_map_update_elem() in kernel/bpf/stackmap.c).
    write() {},
  };
}

function addressAt(view: DataView, at: number): StackFrame | undefined {
  const address = view.getBigUint64(at, littleEndian);
  return address === 0n ? undefined : { address };
}

/** `struct bpf_stack_build_id`: status, build id, and an offset in the file or, without a build id, an address. */
function placeAt(view: DataView, at: number): StackFrame | undefined {
  const status = view.getInt32(at, littleEndian);
  const place = view.getBigUint64(at + 24, littleEndian);
  if (status === 2) return { address: place };
  if (status !== 1) return undefined;
  return {
    buildId: Buffer.from(view.buffer, view.byteOffset + at + 4, 20).toString('hex'),
    offset: Number(place),
  };
}
