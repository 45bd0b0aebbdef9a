/** The value of one CPU in a per-CPU map, apart from the others, or one value for them all. */

import type { Codec } from '../codec/index.js';
import { BpfError } from '../errors/bpf-error.js';
import { possibleCpuNumbers } from '../host/cpus.js';
import { isOlderThan } from '../host/kernel.js';
import { errnoName } from '../native/errno.js';
import type { Status } from '../native/native.js';
import type { BulkAccess } from './bulk/access.js';
import { ReducedMap } from './bulk/reduced.js';
import type { Reducer } from './bulk/reduction.js';
import { possibleCpus } from './per-cpu-codec.js';
import type { RawKey } from './raw-key.js';
import { flagsOf, type UpdateFlag } from './update-flags.js';

/** What a per-CPU map lends: one call on the bytes of one CPU's value, those on whole entries, and its errors. */
export interface SlotAccess<K, E> {
  readonly name: string;
  readonly bulk: BulkAccess<K, E>;
  lookup(key: K | RawKey<K>, bytes: Uint8Array, flags: number): Status;
  update(key: K | RawKey<K>, bytes: Uint8Array, flags: number): Status;
  lookupEntry(key: K | RawKey<K>): E | undefined;
  lookupBytes(key: K | RawKey<K>): Uint8Array | undefined;
  updateEntry(key: K | RawKey<K>, entry: E, flags: number): void;
  fail(status: Status, verb: string, hint?: string): BpfError;
  naming<T>(write: () => T, what: string): T;
}

/** `BPF_F_CPU` with the CPU's number above it, and `BPF_F_ALL_CPUS`. */
const oneCpu = 8;
const allCpus = 16;
const shift = 2 ** 32;

/**
 * Reads and writes single CPUs' values by `BPF_F_CPU` and `BPF_F_ALL_CPUS`, Linux 7.0 (bpf_percpu_array_update() in
 * kernel/bpf/arraymap.c); without them, as far as that is exact.
 */
export class CpuSlots<K, V> {
  readonly #access: SlotAccess<K, V[]>;
  readonly #value: Codec<V>;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(access: SlotAccess<K, V[]>, value: Codec<V>) {
    this.#access = access;
    this.#value = value;
    this.#bytes = new Uint8Array(value.size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get(key: K | RawKey<K>, cpu: number): V | undefined {
    const place = this.#placeOf(cpu, 'look up in');
    const status = this.#access.lookup(key, this.#bytes, oneCpu + cpu * shift);
    if (status === 0) return this.#value.read(this.#view, 0, this.#bytes.length);
    if (errnoName(status) === 'ENOENT') return undefined;
    if (errnoName(status) === 'EINVAL') return this.#access.lookupEntry(key)?.[place];
    throw this.#access.fail(status, 'look up in');
  }

  /** On older kernels there is no way to write one CPU's value without racing for the others. */
  set(key: K | RawKey<K>, cpu: number, value: V, flag: UpdateFlag): void {
    this.#placeOf(cpu, 'update');
    this.#encode(value);
    const flags = flagsOf(flag, this.#access.name) + oneCpu + cpu * shift;
    const status = this.#access.update(key, this.#bytes, flags);
    if (status === 0) return;
    const tooOld = isOlderThan('7.0') && errnoName(status) === 'EINVAL';
    throw this.#access.fail(
      status,
      'update',
      tooOld ? "one CPU's value alone needs Linux 7.0; set all" : undefined,
    );
  }

  /** On older kernels by a value for each: the same result. */
  setAll(key: K | RawKey<K>, value: V, flag: UpdateFlag): void {
    const flags = flagsOf(flag, this.#access.name);
    this.#encode(value);
    const status = this.#access.update(key, this.#bytes, flags + allCpus);
    if (status === 0) return;
    if (errnoName(status) !== 'EINVAL') throw this.#access.fail(status, 'update');
    const values = Array.from({ length: possibleCpus() }, () => value);
    this.#access.updateEntry(key, values, flags);
  }

  reduced(how: Reducer): ReducedMap<K, V> {
    const { bulk, lookupBytes } = this.#access;
    return new ReducedMap(bulk, this.#value, possibleCpus(), how, lookupBytes);
  }

  #encode(value: V): void {
    this.#bytes.fill(0);
    this.#access.naming(() => this.#value.write(this.#view, 0, value), 'value');
  }

  /**
   * Values stand side by side for each possible CPU, also where CPU numbers have gaps (bpf_percpu_array_copy() in
   * kernel/bpf/arraymap.c).
   */
  #placeOf(cpu: number, verb: string): number {
    const numbers = possibleCpuNumbers();
    const place = numbers.indexOf(cpu);
    if (place >= 0) return place;
    const reason = `there is no CPU ${String(cpu)}; this machine may have ${numbers.join(', ')}`;
    throw new BpfError({ code: 'ERR_BPF_VALUE', operation: `${verb} map ${this.#access.name}`, reason });
  }
}
