/** Arenas: memory that programs and this process share, where a pointer means the same to both. */
import type { Codec } from '../codec/codec.js';
import { argumentError } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import { check } from '../native/errno.js';
import { native } from '../native/native.js';
import { MapBase } from './map-state.js';
import { MappedArray } from './memory/mapped-array.js';
import { Memory } from './memory/memory.js';

const elsewhere =
  'it lies at one address: map it by the handle that did so first, or create it with an extra';
const hints = {
  EINVAL: elsewhere,
  EBUSY: elsewhere,
  EEXIST: 'other memory of this process lies at its address',
  EFAULT: 'created with BPF_F_SEGV_ON_FAULT, it ends the process that reads a page too early',
};

/** Which part of an arena. */
export interface ArenaPart {
  /** Bytes before the first element; 0 by default. A pointer's is {@link ArenaMap.offsetOf} it. */
  readonly offset?: number;
  /** How many elements; as many as there is room for by default. */
  readonly count?: number;
}

/**
 * Memory for data of a program's own making: lists, trees, tables. `maxEntries` counts pages; one that is not used
 * yet reads as zero.
 *
 * @since Linux 6.9 (arena_map_alloc() in kernel/bpf/arena.c)
 * @example
 * ```ts
 * await using shared = await createMap(map('arena'), { maxEntries: 16, flags: ['mmapable'] });
 * using counters = shared.mmap(u64, { offset: 4096, count: 8 });
 * counters.add(3, 1n);
 * ```
 */
export class ArenaMap<Kind extends MapKindName = 'arena'> extends MapBase<Kind> {
  /** Bytes of all its pages. */
  get size(): number {
    return check(native().arenaSize(this.handle), this.state.use(`size of map ${this.name}`));
  }

  /**
   * Where it lies in this process; programs' pointers for user space point behind that.
   *
   * @throws BpfError as {@link mmap}
   */
  get address(): bigint {
    return check(native().arenaAddress(this.handle), this.state.use(`address of map ${this.name}`)) as bigint;
  }

  /**
   * Elements of one type, side by side, live: reading and writing takes nanoseconds.
   *
   * @throws BpfError `ERR_BPF_ARGUMENT` for a part that does not lie in it, `EINVAL` where another process or handle
   * has mapped it elsewhere (arena_get_unmapped_area() in kernel/bpf/arena.c), `EEXIST` where other memory lies at
   * its address (`MAP_FIXED_NOREPLACE` of mmap(2)).
   */
  mmap<V>(codec: Codec<V>, { offset = 0, count }: ArenaPart = {}): MappedArray<V> {
    const { handle, state, name } = this;
    state.use(`mmap map ${name}`);
    const { size } = this;
    const room = Math.floor((size - offset) / codec.size);
    const spacing = { offset, stride: codec.size, count: count ?? room };
    if (!isWithin(spacing.count, 1, room) || !isWithin(offset, 0, size)) throw this.#outside(codec, spacing);
    const memory = () => Memory.arena(handle, `the memory of map ${name}`);
    return MappedArray.in({ state, name, hints }, memory, codec, spacing);
  }

  /**
   * How far behind the arena's start a pointer points that a program made, whether for user space or for itself.
   *
   * @throws BpfError `ERR_BPF_VALUE` for one that points elsewhere.
   */
  offsetOf(pointer: bigint): number {
    const { address, size } = this;
    const offset = Number(BigInt.asUintN(32, pointer - address));
    if (offset < size) return offset;
    const reason = `0x${pointer.toString(16)} points to none of the ${size} bytes at 0x${address.toString(16)}`;
    throw new BpfError({ code: 'ERR_BPF_VALUE', operation: `find a pointer in map ${this.name}`, reason });
  }

  #outside({ type }: Codec<unknown>, { offset, count }: { offset: number; count: number }): BpfError {
    const reason = `${count} elements of ${type} do not fit behind byte ${offset}; it has ${this.size} bytes`;
    return argumentError(`mmap map ${this.name}`, reason);
  }
}

function isWithin(count: number, least: number, most: number): boolean {
  return Number.isInteger(count) && count >= least && count <= most;
}
