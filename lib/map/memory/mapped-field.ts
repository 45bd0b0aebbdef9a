/** Values of one type in shared memory, at equal distances: a variable, a column of an array. */
import type { Codec, Integer } from '../../codec/index.js';
import { BpfError } from '../../errors/bpf-error.js';
import type { Memory } from './memory.js';
import { type Spacing, type Store, scalarLoad, scalarStore, type Words, wordsOf } from './words.js';

/** What may be added to a value of a type. */
export type Addend<T> = T extends bigint ? bigint : T extends number ? number : never;

/**
 * One member of every element of a mapped array, or the elements themselves. Reading takes nanoseconds and no system
 * call. What fits in a machine word is read and written at once; a struct is copied byte by byte, so a program that
 * writes it meanwhile may be seen halfway.
 */
export class MappedField<T> {
  readonly #memory: Memory;
  readonly #name: string;
  readonly #codec: Codec<T>;
  readonly #spacing: Spacing;
  readonly #words: Words | undefined;
  readonly #store: Store<T> | undefined;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #slot: Uint8Array;
  readonly #slotView: DataView;
  readonly #slotWord: Words | undefined;
  /**
   * The value of an index.
   *
   * @throws BpfError `ERR_BPF_CLOSED` once the memory is closed, `ERR_BPF_ARGUMENT` beyond the last element.
   */
  readonly get: (index: number) => T;

  /** @internal */
  constructor(memory: Memory, name: string, codec: Codec<T>, spacing: Spacing) {
    this.#memory = memory;
    this.#name = name;
    this.#codec = codec;
    this.#spacing = spacing;
    this.#words = wordsOf(memory.buffer, codec.size, spacing);
    this.#store = memory.writable ? scalarStore(codec, memory.buffer, spacing) : undefined;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#view = new DataView(memory.buffer);
    const slot = new ArrayBuffer(codec.size);
    this.#slot = new Uint8Array(slot);
    this.#slotView = new DataView(slot);
    this.#slotWord = this.#words && wordsOf(slot, codec.size, { offset: 0, stride: codec.size, count: 1 });
    const gone = (index: number) => {
      throw this.#failure('read', index);
    };
    this.get = scalarLoad(codec, memory.buffer, spacing, gone) ?? (index => this.#decode(index));
  }

  /** How many elements there are. */
  get length(): number {
    return this.#spacing.count;
  }

  /**
   * Writes the value of an index.
   *
   * @throws BpfError `ERR_BPF_VALUE` for what does not fit; nothing is written then.
   */
  set(index: number, value: T): void {
    if (!this.#store?.(index, value)) this.#write(index, value);
  }

  #write(index: number, value: T): void {
    this.require('write', index);
    // A bitfield writes its own bits alone.
    if ('width' in this.#codec) this.#fill(index);
    else this.#slot.fill(0);
    this.#encode(value);
    this.#requireWritable();
    if (this.#words && this.#slotWord) this.#words[this.#wordAt(index)] = this.#slotWord[0] as number;
    else this.#bytes.set(this.#slot, this.#at(index));
  }

  /**
   * Adds to an integer of 32 or 64 bits, wrapping around as in C; other CPUs see it before or after.
   *
   * @returns the old value
   */
  add(index: number, addend: Addend<T>): T {
    const words = this.#atomic('add to', index);
    const whole = this.#addend(addend) as bigint;
    return this.#old(Atomics.add(words, this.#wordAt(index), whole));
  }

  /**
   * Writes `replacement` where the value is `expected`, in one step that no other CPU gets between.
   *
   * @returns the old value: `expected` where it was replaced
   */
  compareExchange(index: number, expected: T, replacement: T): T {
    const words = this.#atomic('compare and exchange', index);
    this.#slot.fill(0);
    this.#encode(expected);
    const old = this.#slotWord?.[0] as bigint;
    this.#slot.fill(0);
    this.#encode(replacement);
    return this.#old(Atomics.compareExchange(words, this.#wordAt(index), old, this.#slotWord?.[0] as bigint));
  }

  /**
   * @internal The bytes of an index themselves: what is written to them is written to memory. Undefined where that may
   * not be.
   */
  bytesAt(index: number): Uint8Array | undefined {
    if (!this.#memory.writable) return undefined;
    return this.#bytes.subarray(this.#at(index), this.#at(index) + this.#slot.length);
  }

  /** @internal @throws BpfError where there is no such index, or no memory any more */
  require(verb: string, index: number): void {
    const isThere = index >>> 0 === index && index < this.#spacing.count && !this.#memory.closed;
    if (!isThere) throw this.#failure(verb, index);
  }

  #at(index: number): number {
    return this.#spacing.offset + index * this.#spacing.stride;
  }

  #wordAt(index: number): number {
    return (index * this.#spacing.stride) / this.#codec.size;
  }

  #decode(index: number): T {
    this.require('read', index);
    const [at, { length }] = [this.#at(index), this.#slot];
    if (this.#words === undefined) return this.#codec.read(this.#view, at, at + length);
    this.#fill(index);
    return this.#codec.read(this.#slotView, 0, length);
  }

  /** Reads the bytes of an index into the slot. */
  #fill(index: number): void {
    if (this.#words && this.#slotWord) this.#slotWord[0] = this.#words[this.#wordAt(index)] as number;
    else this.#slot.set(this.#bytes.subarray(this.#at(index), this.#at(index) + this.#slot.length));
  }

  #old(word: bigint): T {
    if (this.#slotWord) (this.#slotWord as BigUint64Array)[0] = word;
    return this.#codec.read(this.#slotView, 0, this.#slot.length);
  }

  #encode(value: T): void {
    try {
      this.#codec.write(this.#slotView, 0, value);
    } catch (cause) {
      if (!(cause instanceof BpfError)) throw cause;
      throw this.#unfit('write', cause.message.replace(/^.*?: \w+, /, ''), cause);
    }
  }

  /** The words of an integer that the CPU changes in one step; typed as one of the two kinds that they may be. */
  #atomic(verb: string, index: number): BigUint64Array {
    this.require(verb, index);
    this.#requireWritable();
    const words = this.#words;
    const isWide = words instanceof Uint32Array || words instanceof BigUint64Array;
    if (isWide && 'toInteger' in this.#codec) return words as BigUint64Array;
    throw this.#unfit(verb, `only aligned integers of 32 or 64 bits can, ${this.#codec.type} is none`);
  }

  #addend(addend: unknown): number | bigint {
    const isWide = this.#words instanceof BigUint64Array;
    const wanted = isWide && !this.#readsNumbers() ? 'bigint' : 'number';
    const fits = typeof addend === wanted && (wanted === 'bigint' || Number.isSafeInteger(addend));
    if (fits) return isWide ? BigInt(addend as bigint) : (addend as number);
    throw this.#unfit('add to', `it takes a whole ${wanted}, not ${String(addend)}`);
  }

  /** A 64-bit integer that JavaScript has as a number. */
  #readsNumbers(): boolean {
    return typeof (this.#codec as unknown as Integer<T>).fromInteger(0) === 'number';
  }

  #requireWritable(): void {
    if (this.#memory.writable) return;
    const operation = `write ${this.#name}`;
    const reason = 'this section is read-only once the object is loaded';
    const hint = 'set it before load: load({ rodata: { … } })';
    throw new BpfError({ code: 'ERR_BPF_PHASE', operation, reason, hint });
  }

  #failure(verb: string, index: number): BpfError {
    return this.#memory.failure(`${verb} ${this.#name}`, index, this.#spacing.count);
  }

  #unfit(verb: string, reason: string, cause?: unknown): BpfError {
    return new BpfError({ code: 'ERR_BPF_VALUE', operation: `${verb} ${this.#name}`, reason, cause });
  }
}
