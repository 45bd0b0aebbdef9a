/** Elements of a map in this process's own memory, as those of a `BPF_F_MMAPABLE` array: no system call to read or write. */
import type { Codec, StructCodec } from '../../codec/index.js';
import { argumentError } from '../../errors/arguments.js';
import type { BpfError } from '../../errors/bpf-error.js';
import type { Closable } from '../../native/closable.js';
import { errnoError, errnoName } from '../../native/errno.js';
import type { Errno, MapHandle, Status } from '../../native/native.js';
import type { ObjectState } from '../../native/owner.js';
import { MappedField } from './mapped-field.js';
import { Memory } from './memory.js';
import type { Spacing } from './words.js';

/** Whose memory it is. */
interface MappedMap {
  readonly state: ObjectState;
  readonly name: string;
  /** Of its kind, by code: what to do about a refusal. */
  readonly hints?: Readonly<Record<string, string>>;
}

/** What a mapping needs to know of an array. */
interface MappableMap extends MappedMap {
  readonly handle: MapHandle;
  readonly valueSize: number;
  readonly maxEntries: number;
}

/**
 * The elements of an array or arena, live. Closing it, or the object that its map belongs to, takes the memory away: every use
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
export class MappedArray<V> extends MappedField<V> implements Closable {
  readonly #memory: Memory;
  readonly #name: string;
  readonly #codec: Codec<V>;
  readonly #spacing: Spacing;

  private constructor(memory: Memory, name: string, codec: Codec<V>, spacing: Spacing) {
    super(memory, name, codec, spacing);
    this.#memory = memory;
    this.#name = name;
    this.#codec = codec;
    this.#spacing = spacing;
  }

  /** @internal Elements lie at multiples of eight bytes. */
  static map<V>(map: MappableMap, codec: Codec<V>): MappedArray<V> {
    const { handle, name, valueSize, maxEntries } = map;
    const stride = (valueSize + 7) & ~7;
    const memory = () => Memory.map(handle, stride * maxEntries, `the memory of map ${name}`);
    return MappedArray.in(map, memory, codec, { offset: 0, stride, count: maxEntries });
  }

  /** @internal The elements that lie somewhere in a map's memory. */
  static in<V>(
    { state, name, hints }: MappedMap,
    mapped: () => Memory | Errno,
    codec: Codec<V>,
    spacing: Spacing,
  ): MappedArray<V> {
    const operation = state.use(`mmap map ${name}`);
    const memory = mapped();
    if (!(memory instanceof Memory)) throw refusal(memory, operation, hints);
    state.adopt(memory);
    return new MappedArray(memory, `map ${name}`, codec, spacing);
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
    const spacing = { ...this.#spacing, offset: this.#spacing.offset + offset };
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
  async close(): Promise<void> {
    this.closeSync();
  }

  /** {@link close} on this thread. */
  closeSync(): void {
    this.#memory.closeSync();
  }

  [Symbol.dispose](): void {
    this.closeSync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #noMember(name: string, names: readonly string[]): BpfError {
    const has = names.length > 0 ? `has: ${names.join(', ')}` : 'has no members';
    const reason = `there is no member ${name}; ${this.#codec.type} ${has}`;
    return argumentError(`view ${this.#name}`, reason);
  }
}

/** What to do about a refusal; of an array, where its kind has no words of its own. */
const usualHints: Readonly<Record<string, string>> = {
  EINVAL: 'declare it with __uint(map_flags, BPF_F_MMAPABLE)',
  ENOTSUPP: 'this kind of map cannot be mapped',
  EPERM: 'it is frozen: read it by get()',
  EACCES: 'this process may only read it: read it by get()',
  EOPNOTSUPP: 'this build of Node takes no memory from outside: use get() and set()',
};

function refusal(status: Status, operation: string, hints: MappedMap['hints']): BpfError {
  const code = errnoName(status);
  return errnoError(status, operation, { hint: hints?.[code] ?? usualHints[code] });
}
