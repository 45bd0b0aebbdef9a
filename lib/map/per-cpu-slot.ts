/** The value of one CPU in a per-CPU map, apart from the others. */
import { readFileSync } from 'node:fs';
import type { Codec } from '../codec/index.js';
import { errnoName } from '../errno.js';
import { BpfError } from '../errors.js';
import { isOlderThan } from '../kernel.js';
import type { Status } from '../native.js';

/** What a per-CPU map lends: one call on the bytes of one CPU's value, and its errors. */
export interface SlotAccess<K> {
  readonly name: string;
  lookup(key: K, bytes: Uint8Array, flags: number): Status;
  update(key: K, bytes: Uint8Array, flags: number): Status;
  fail(status: Status, verb: string, hint?: string): BpfError;
  naming<T>(write: () => T, what: string): T;
}

/** `BPF_F_CPU` with the CPU's number above it, and `BPF_F_ALL_CPUS`. */
const oneCpu = 8;
const allCpus = 16;
const shift = 2 ** 32;

/** Reads and writes single CPUs' values by the flags of Linux 7.0; where they are missing, as far as that is exact. */
export class CpuSlots<K, V> {
  readonly #access: SlotAccess<K>;
  readonly #value: Codec<V>;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(access: SlotAccess<K>, value: Codec<V>) {
    this.#access = access;
    this.#value = value;
    this.#bytes = new Uint8Array(value.size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** `whole` gives the values of all CPUs, for older kernels. */
  get(key: K, cpu: number, whole: () => readonly V[] | undefined): V | undefined {
    const place = this.#placeOf(cpu, 'look up in');
    const status = this.#access.lookup(key, this.#bytes, oneCpu + cpu * shift);
    if (status === 0) return this.#value.read(this.#view, 0, this.#bytes.length);
    if (errnoName(status) === 'ENOENT') return undefined;
    if (errnoName(status) === 'EINVAL') return whole()?.[place];
    throw this.#access.fail(status, 'look up in');
  }

  /** On older kernels there is no way to write one CPU's value without racing for the others. */
  set(key: K, cpu: number, value: V, flags: number): void {
    this.#placeOf(cpu, 'update');
    this.#encode(value);
    const status = this.#access.update(key, this.#bytes, flags + oneCpu + cpu * shift);
    if (status === 0) return;
    const tooOld = isOlderThan('7.0') && errnoName(status) === 'EINVAL';
    throw this.#access.fail(
      status,
      'update',
      tooOld ? "one CPU's value alone needs Linux 7.0; set all" : undefined,
    );
  }

  /** `whole` writes the values of all CPUs, for older kernels: the same result. */
  setAll(key: K, value: V, flags: number, whole: () => void): void {
    this.#encode(value);
    const status = this.#access.update(key, this.#bytes, flags + allCpus);
    if (status === 0) return;
    if (errnoName(status) !== 'EINVAL') throw this.#access.fail(status, 'update');
    whole();
  }

  #encode(value: V): void {
    this.#bytes.fill(0);
    this.#access.naming(() => this.#value.write(this.#view, 0, value), 'value');
  }

  /** The kernel hands values out without gaps, also where CPU numbers have some. */
  #placeOf(cpu: number, verb: string): number {
    const numbers = cpuNumbers();
    const place = numbers.indexOf(cpu);
    if (place >= 0) return place;
    const reason = `there is no CPU ${String(cpu)}; this machine may have ${numbers.join(', ')}`;
    throw new BpfError({ code: 'ERR_BPF_VALUE', operation: `${verb} map ${this.#access.name}`, reason });
  }
}

let known: readonly number[] | undefined;

/** Numbers of the CPUs that this machine may have. */
export function cpuNumbers(): readonly number[] {
  known ??= parseCpuList(readFileSync('/sys/devices/system/cpu/possible', 'utf8'));
  return known;
}

/** Reads `0,2-3`. */
export function parseCpuList(text: string): readonly number[] {
  return text
    .trim()
    .split(',')
    .flatMap(part => {
      const [first = 0, last = first] = part.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}
