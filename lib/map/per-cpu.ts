/** Maps with a value for each possible CPU. */
import { ReducedMap } from '../bulk/reduced.js';
import type { Reducer } from '../bulk/reduction.js';
import type { Codec } from '../codec/codec.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import type { MapHandle } from '../native.js';
import type { ObjectState } from '../object-state.js';
import { ArrayMap } from './array.js';
import { perCpu, possibleCpus } from './per-cpu-codec.js';
import { CpuSlots } from './per-cpu-slot.js';
import { RemovableMap } from './removable.js';
import { flagsOf, type UpdateFlag } from './update-flags.js';

/**
 * A map by key with one value for each possible CPU, in the order of their numbers.
 *
 * @since Linux 4.6
 * @example
 * ```ts
 * const hits = bpf.maps.hits.get(0)?.reduce((sum, value) => sum + value, 0n);
 * ```
 */
export class PerCpuMap<K = unknown, V = unknown, Kind extends MapKindName = MapKindName> extends RemovableMap<
  K,
  V[],
  Kind
> {
  /** How many CPUs this machine may have; more than are online, maybe. */
  readonly cpus = possibleCpus();
  readonly #slots: CpuSlots<K, V>;
  readonly #one: Codec<V>;

  /** @internal */
  constructor(
    handle: MapHandle,
    state: ObjectState,
    name: string,
    kind: Kind,
    key: Codec<K>,
    value: Codec<V>,
  ) {
    super(handle, state, name, kind, key, perCpu(value, possibleCpus()));
    this.#slots = new CpuSlots(this.slotAccess(), value);
    this.#one = value;
  }

  /**
   * The same map with one value for each key: the sum, greatest or mean of what the CPUs have, computed natively.
   *
   * @example
   * ```ts
   * for await (const [pid, total] of bpf.maps.hits.reduced('sum')) console.log(pid, total);
   * ```
   */
  reduced(how: Reducer): ReducedMap<K, V> {
    return new ReducedMap(this.bulkAccess(), this.#one, this.cpus, how, key => this.lookupBytes(key));
  }

  /**
   * The value of one CPU; undefined where the key is not there.
   *
   * @throws BpfError `ERR_BPF_VALUE` for a CPU that this machine cannot have.
   */
  getCpu(key: K, cpu: number): V | undefined {
    return this.#slots.get(key, cpu, () => this.lookup(key));
  }

  /**
   * Writes the value of one CPU.
   *
   * @since Linux 7.0; nothing older can without losing what the other CPUs write meanwhile.
   */
  setCpu(key: K, cpu: number, value: V, flag: UpdateFlag = 'any'): this {
    this.#slots.set(key, cpu, value, flagsOf(flag, this.name));
    return this;
  }

  /** Writes the same value for every CPU. */
  setAll(key: K, value: V, flag: UpdateFlag = 'any'): this {
    const flags = flagsOf(flag, this.name);
    const whole = () =>
      this.update(
        key,
        Array.from({ length: this.cpus }, () => value),
        flags,
      );
    this.#slots.setAll(key, value, flags, whole);
    return this;
  }
}

/**
 * An array with one value for each possible CPU at each index.
 *
 * @since Linux 4.6
 */
export class PerCpuArray<K = number, V = unknown, Kind extends MapKindName = 'percpu_array'> extends ArrayMap<
  K,
  V[],
  Kind
> {
  /** How many CPUs this machine may have; more than are online, maybe. */
  readonly cpus = possibleCpus();
  readonly #slots: CpuSlots<K, V>;
  readonly #one: Codec<V>;

  /** @internal */
  constructor(
    handle: MapHandle,
    state: ObjectState,
    name: string,
    kind: Kind,
    key: Codec<K>,
    value: Codec<V>,
  ) {
    super(handle, state, name, kind, key, perCpu(value, possibleCpus()));
    this.#slots = new CpuSlots(this.slotAccess(), value);
    this.#one = value;
  }

  /**
   * The same map with one value for each key: the sum, greatest or mean of what the CPUs have, computed natively.
   *
   * @example
   * ```ts
   * for await (const [pid, total] of bpf.maps.hits.reduced('sum')) console.log(pid, total);
   * ```
   */
  reduced(how: Reducer): ReducedMap<K, V> {
    return new ReducedMap(this.bulkAccess(), this.#one, this.cpus, how, key => this.lookupBytes(key));
  }

  /**
   * The value of one CPU; undefined where the key is not there.
   *
   * @throws BpfError `ERR_BPF_VALUE` for a CPU that this machine cannot have.
   */
  getCpu(key: K, cpu: number): V | undefined {
    return this.#slots.get(key, cpu, () => this.lookup(key));
  }

  /**
   * Writes the value of one CPU.
   *
   * @since Linux 7.0; nothing older can without losing what the other CPUs write meanwhile.
   */
  setCpu(key: K, cpu: number, value: V, flag: UpdateFlag = 'any'): this {
    this.#slots.set(key, cpu, value, flagsOf(flag, this.name));
    return this;
  }

  /** Writes the same value for every CPU. */
  setAll(key: K, value: V, flag: UpdateFlag = 'any'): this {
    const flags = flagsOf(flag, this.name);
    const whole = () =>
      this.update(
        key,
        Array.from({ length: this.cpus }, () => value),
        flags,
      );
    this.#slots.setAll(key, value, flags, whole);
    return this;
  }
}
