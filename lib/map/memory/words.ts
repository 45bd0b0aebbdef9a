/** Machine words: what one load or store takes, so that no other CPU is seen halfway. */
import { littleEndian } from '../../btf/byte-order.js';
import type { Codec } from '../../codec/codec.js';
import { scalars } from '../../codec/index.js';

/** Where equal things lie: the first, the distance between two, how many. In bytes. */
export interface Spacing {
  readonly offset: number;
  readonly stride: number;
  readonly count: number;
}

/** Reads the element of an index, or gives what `gone` gives. */
type Load<T> = (index: number) => T;
type Gone = (index: number) => never;

/** Unsigned words of 1, 2, 4 and 8 bytes. */
export type Words = Uint8Array | Uint16Array | Uint32Array | BigUint64Array;

const wordArrays = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array } as const;

/** The words in which every element is one; undefined where they are no words, or not aligned. */
export function wordsOf(buffer: ArrayBuffer, size: number, spacing: Spacing): Words | undefined {
  if (!Object.hasOwn(wordArrays, size) || !isAligned(size, spacing)) return undefined;
  const kind = wordArrays[size as keyof typeof wordArrays];
  return new kind(buffer, spacing.offset, lastWord(size, spacing) + 1);
}

function isAligned(size: number, { offset, stride }: Spacing): boolean {
  return offset % size === 0 && stride % size === 0;
}

function lastWord(size: number, { stride, count }: Spacing): number {
  return (stride / size) * (count - 1);
}

/** The numbers of one kind, side by side. */
export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** Makes a {@link NumberArray}. */
interface NumberArrayClass {
  new (length: number): NumberArray;
  new (buffer: ArrayBuffer, offset: number, length: number): NumberArray;
}

const { s8, u8, s16, u16, s32, u32, s64, u64, f32, f64, pointer } = scalars;
const { s16be, u16be, s32be, u32be, s64be, u64be, f32be, f64be, pointerbe } = scalars;
const host = <T>(little: Codec<T>, big: Codec<T>): Codec<unknown> => (littleEndian ? little : big);

/** Scalars that a typed array reads: those in this machine's byte order. */
const arrays = new Map<Codec<unknown>, NumberArrayClass>([
  [s8, Int8Array],
  [u8, Uint8Array],
  [host(s16, s16be), Int16Array],
  [host(u16, u16be), Uint16Array],
  [host(s32, s32be), Int32Array],
  [host(u32, u32be), Uint32Array],
  [host(f32, f32be), Float32Array],
  [host(f64, f64be), Float64Array],
  [host(s64, s64be), BigInt64Array],
  [host(u64, u64be), BigUint64Array],
  [host(pointer, pointerbe), BigUint64Array],
]);

/** The typed array whose elements are a codec's values; undefined where there is none. */
export function numberArrayOf(codec: Codec<unknown>): NumberArrayClass | undefined {
  return arrays.get(codec);
}

/** Reads scalars without a codec's call; undefined where the codec is needed. */
export function scalarLoad<T>(
  codec: Codec<T>,
  buffer: ArrayBuffer,
  spacing: Spacing,
  gone: Gone,
): Load<T> | undefined {
  const { size } = codec;
  const kind = numberArrayOf(codec as Codec<unknown>);
  if (kind === undefined || !isAligned(size, spacing)) return undefined;
  const step = spacing.stride / size;
  const words = new kind(buffer, spacing.offset, lastWord(size, spacing) + 1);
  // An index that is no integer is none of the array's; `>>>` tells, and costs nothing.
  const load: Load<unknown> = index =>
    (index >>> 0 === index ? words[index * step] : undefined) ?? gone(index);
  return load as Load<T>;
}

/** Writes the element of an index; false where the value does not fit, or there is no such element. */
export type Store<T> = (index: number, value: T) => boolean;

const isWhole = (from: (value: number) => number) => (value: unknown) => from(value as number) === value;
const isNumber = (value: unknown) => typeof value === 'number';

/** What an element of each typed array may be, for the array itself cuts off what is too much. */
const fits = new Map<NumberArrayClass, (value: unknown) => boolean>([
  [Int8Array, isWhole(value => (value << 24) >> 24)],
  [Uint8Array, isWhole(value => value & 0xff)],
  [Int16Array, isWhole(value => (value << 16) >> 16)],
  [Uint16Array, isWhole(value => value & 0xffff)],
  [Int32Array, isWhole(value => value | 0)],
  [Uint32Array, isWhole(value => value >>> 0)],
  [Float32Array, isNumber],
  [Float64Array, isNumber],
  [BigInt64Array, value => typeof value === 'bigint' && BigInt.asIntN(64, value) === value],
  [BigUint64Array, value => typeof value === 'bigint' && BigInt.asUintN(64, value) === value],
]);

/** Writes scalars without a codec's call; undefined where the codec is needed. */
export function scalarStore<T>(codec: Codec<T>, buffer: ArrayBuffer, spacing: Spacing): Store<T> | undefined {
  const { size } = codec;
  const kind = numberArrayOf(codec as Codec<unknown>);
  const isFit = kind && fits.get(kind);
  if (kind === undefined || isFit === undefined || !isAligned(size, spacing)) return undefined;
  const step = spacing.stride / size;
  const words = new kind(buffer, spacing.offset, lastWord(size, spacing) + 1) as {
    [index: number]: unknown;
  } & {
    readonly length: number;
  };
  return (index, value) => {
    // Memory that was taken away has no length.
    if (index >>> 0 !== index || index * step >= words.length || !isFit(value)) return false;
    words[index * step] = value;
    return true;
  };
}
