/** Maps with a value for each possible CPU. */
import type { Codec } from '../codec/codec.js';
import { check } from '../errno.js';
import { BpfError } from '../errors.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import { type MapHandle, native } from '../native.js';
import type { ObjectState } from '../object-state.js';
import { KeyValueMap } from './key-value.js';

/** The kernel lays per-CPU values out at multiples of eight bytes. */
function stride(codec: Codec<unknown>): number {
  return (codec.size + 7) & ~7;
}

/**
 * A map by key with one value for each possible CPU, in the order of their numbers.
 *
 * @example
 * ```ts
 * const hits = bpf.maps.hits.get(0)?.reduce((sum, value) => sum + value, 0n);
 * ```
 */
export class PerCpuMap<K = unknown, V = unknown, Kind extends MapKindName = MapKindName> extends KeyValueMap<
  K,
  V[],
  Kind
> {
  readonly #value: Codec<V>;
  /** How many CPUs this machine may have; more than are online, maybe. */
  readonly cpus: number;

  /** @internal */
  constructor(
    handle: MapHandle,
    state: ObjectState,
    name: string,
    kind: Kind,
    key: Codec<K>,
    value: Codec<V>,
  ) {
    const cpus = check(native().numPossibleCpus(), 'count the possible CPUs');
    super(handle, state, name, kind, key, cpus * stride(value));
    this.#value = value;
    this.cpus = cpus;
  }

  protected decode(view: DataView): V[] {
    const step = stride(this.#value);
    return Array.from({ length: this.cpus }, (_, cpu) =>
      this.#value.read(view, cpu * step, cpu * step + this.#value.size),
    );
  }

  protected encode(view: DataView, values: V[]): void {
    if (values.length !== this.cpus) throw this.#wrongCount(values.length);
    const step = stride(this.#value);
    for (const [cpu, value] of values.entries()) this.#value.write(view, cpu * step, value);
  }

  #wrongCount(count: number): BpfError {
    const reason = `one value for each of ${this.cpus} possible CPUs is wanted, ${count} were given`;
    return new BpfError({ code: 'ERR_BPF_VALUE', operation: `update map ${this.name}`, reason });
  }
}
