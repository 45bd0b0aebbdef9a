/** A `BPF_F_MMAPABLE` array in this process's own memory: no system call to read or write it. */
import type { Codec, StructCodec } from '../codec/index.js';
import { errnoError, errnoName } from '../errno.js';
import { BpfError } from '../errors.js';
import type { MapHandle } from '../native.js';
import type { ObjectState } from '../object-state.js';
import { MappedField } from './mapped-field.js';
import { Memory } from './memory.js';

/** What a mapping needs to know of its map. */
export interface MappableMap {
  readonly handle: MapHandle;
  readonly state: ObjectState;
  readonly name: string;
  readonly valueSize: number;
  readonly maxEntries: number;
}

/**
 * The elements of an array, live. Closing it, or the object that its map belongs to, takes the memory away: every use
 * after that throws.
 *
 * @since Linux 5.5
 * @example
 * ```ts
 * using slots = bpf.maps.slots.mmap();
 * const calls = slots.field('calls');
 * console.log(slots.get(3), calls.get(3));
 * calls.add(3, 1n);
 * ```
 */
export class MappedArray<V> extends MappedField<V> implements Disposable {
  readonly #memory: Memory;
  readonly #name: string;
  readonly #codec: Codec<V>;
  readonly #stride: number;

  private constructor(memory: Memory, name: string, codec: Codec<V>, stride: number, count: number) {
    super(memory, name, codec, { offset: 0, stride, count });
    this.#memory = memory;
    this.#name = name;
    this.#codec = codec;
    this.#stride = stride;
  }

  /** @internal Elements lie at multiples of eight bytes. */
  static map<V>(
    { handle, state, name, valueSize, maxEntries }: MappableMap,
    codec: Codec<V>,
  ): MappedArray<V> {
    const operation = state.use(`mmap map ${name}`);
    const stride = (valueSize + 7) & ~7;
    const memory = Memory.map(handle, stride * maxEntries, `the memory of map ${name}`);
    if (!(memory instanceof Memory)) throw refusal(memory, operation);
    state.adopt(memory);
    return new MappedArray(memory, `map ${name}`, codec, stride, maxEntries);
  }

  /**
   * One member of each element.
   *
   * @throws BpfError `ERR_BPF_ARGUMENT` where elements have no such member.
   */
  field<Name extends keyof V & string>(name: Name): MappedField<V[Name]> {
    const { layout } = this.#codec as Partial<StructCodec<V>>;
    const member = layout && Object.hasOwn(layout, name) ? layout[name] : undefined;
    if (member === undefined) throw this.#noMember(name, Object.keys(layout ?? {}));
    const [offset, codec] = member as readonly [number, Codec<V[Name]>];
    const spacing = { offset, stride: this.#stride, count: this.length };
    return new MappedField(this.#memory, `${name} of ${this.#name}`, codec, spacing);
  }

  *[Symbol.iterator](): Generator<V, void, undefined> {
    for (let index = 0; index < this.length; index++) yield this.get(index);
  }

  /** True once it is closed, or its object is. */
  get closed(): boolean {
    return this.#memory.closed;
  }

  /** Takes the memory away; the map stays. */
  closeSync(): void {
    this.#memory.closeSync();
  }

  [Symbol.dispose](): void {
    this.closeSync();
  }

  #noMember(name: string, names: readonly string[]): BpfError {
    const has = names.length > 0 ? `has: ${names.join(', ')}` : 'has no members';
    const reason = `there is no member ${name}; ${this.#codec.type} ${has}`;
    return new BpfError({ code: 'ERR_BPF_ARGUMENT', operation: `view ${this.#name}`, reason });
  }
}

function refusal(status: number, operation: string): BpfError {
  const hints: Readonly<Record<string, string>> = {
    EINVAL: 'declare it with __uint(map_flags, BPF_F_MMAPABLE)',
    ENOTSUPP: 'this kind of map cannot be mapped',
    EPERM: 'it is frozen: read it by get()',
    EACCES: 'this process may only read it: read it by get()',
    EOPNOTSUPP: 'this build of Node takes no memory from outside: use get() and set()',
  };
  return errnoError(status, operation, { hint: hints[errnoName(status)] });
}
