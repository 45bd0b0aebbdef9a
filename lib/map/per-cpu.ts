/** Maps with a value for each possible CPU. */

import type { MapKindName } from '../kinds/map-kinds.js';
import type { ReducedMap } from './bulk/reduced.js';
import type { Reducer } from './bulk/reduction.js';
import type { MapParts } from './encoded.js';
import { IndexedMap } from './indexed.js';
import { perCpu, possibleCpus } from './per-cpu-codec.js';
import { CpuSlots } from './per-cpu-slot.js';
import type { RawKey } from './raw-key.js';
import { RemovableMap } from './removable.js';
import type { UpdateFlag } from './update-flags.js';

/** What a map has beside its entries where each of them holds a value for each possible CPU, in the order of their numbers. */
export interface PerCpu<K, V> {
  /** How many CPUs this machine may have; more than are online, maybe. */
  readonly cpus: number;

  /**
   * The same map with one value for each key: the sum, greatest or mean of what the CPUs have, computed natively.
   *
   * @example
   * ```ts
   * for await (const [pid, total] of bpf.maps.hits.reduced('sum')) console.log(pid, total);
   * ```
   */
  reduced(how: Reducer): ReducedMap<K, V>;

  /**
   * The value of one CPU; undefined where the key is not there.
   *
   * @throws BpfError `ERR_BPF_VALUE` for a CPU that this machine cannot have.
   */
  getCpu(key: K | RawKey<K>, cpu: number): V | undefined;

  /**
   * Writes the value of one CPU.
   *
   * @since Linux 7.0 (`BPF_F_CPU`, bpf_percpu_array_update() in kernel/bpf/arraymap.c); nothing older can without
   * losing what the other CPUs write meanwhile.
   */
  setCpu(key: K | RawKey<K>, cpu: number, value: V, flag?: UpdateFlag): this;

  /** Writes the same value for every CPU. */
  setAll(key: K | RawKey<K>, value: V, flag?: UpdateFlag): this;
}

/**
 * A map by key with one value for each possible CPU, in the order of their numbers.
 *
 * @since Linux 4.6 (htab_percpu_map_lookup_elem() in kernel/bpf/hashtab.c)
 * @example
 * ```ts
 * const hits = bpf.maps.hits.get(0)?.reduce((sum, value) => sum + value, 0n);
 * ```
 */
export class PerCpuMap<K = unknown, V = unknown, Kind extends MapKindName = MapKindName>
  extends RemovableMap<K, V[], Kind>
  implements PerCpu<K, V>
{
  readonly cpus = possibleCpus();
  readonly #slots: CpuSlots<K, V>;

  /** @internal */
  constructor(...[handle, state, name, kind, key, value]: MapParts<K, V, Kind>) {
    super(handle, state, name, kind, key, perCpu(value, possibleCpus()));
    this.#slots = new CpuSlots(this.elements.slotAccess(), value);
  }

  reduced(how: Reducer): ReducedMap<K, V> {
    return this.#slots.reduced(how);
  }

  getCpu(key: K | RawKey<K>, cpu: number): V | undefined {
    return this.#slots.get(key, cpu);
  }

  setCpu(key: K | RawKey<K>, cpu: number, value: V, flag: UpdateFlag = 'any'): this {
    this.#slots.set(key, cpu, value, flag);
    return this;
  }

  setAll(key: K | RawKey<K>, value: V, flag: UpdateFlag = 'any'): this {
    this.#slots.setAll(key, value, flag);
    return this;
  }
}

/**
 * An array with one value for each possible CPU at each index (bpf_percpu_array_copy() in kernel/bpf/arraymap.c).
 *
 * @since Linux 4.6
 */
export class PerCpuArray<K = number, V = unknown, Kind extends MapKindName = 'percpu_array'>
  extends IndexedMap<K, V[], Kind>
  implements PerCpu<K, V>
{
  readonly cpus = possibleCpus();
  readonly #slots: CpuSlots<K, V>;

  /** @internal */
  constructor(...[handle, state, name, kind, key, value]: MapParts<K, V, Kind>) {
    super(handle, state, name, kind, key, perCpu(value, possibleCpus()));
    this.#slots = new CpuSlots(this.elements.slotAccess(), value);
  }

  reduced(how: Reducer): ReducedMap<K, V> {
    return this.#slots.reduced(how);
  }

  getCpu(key: K | RawKey<K>, cpu: number): V | undefined {
    return this.#slots.get(key, cpu);
  }

  setCpu(key: K | RawKey<K>, cpu: number, value: V, flag: UpdateFlag = 'any'): this {
    this.#slots.set(key, cpu, value, flag);
    return this;
  }

  setAll(key: K | RawKey<K>, value: V, flag: UpdateFlag = 'any'): this {
    this.#slots.setAll(key, value, flag);
    return this;
  }
}
