/** Machine words: what one load or store takes, so that no other CPU is seen halfway. */
import { endianness } from 'node:os';
import type { Codec } from '../codec/codec.js';
import { scalars } from '../codec/index.js';

/** Where equal things lie: the first, the distance between two, how many. In bytes. */
export interface Spacing {
  readonly offset: number;
  readonly stride: number;
  readonly count: number;
}

/** Reads the element of an index, or gives what `gone` gives. */
export type Load<T> = (index: number) => T;
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

type Place = readonly [buffer: ArrayBuffer, offset: number, length: number, step: number, gone: Gone];
type NumberArray =
  | Int8ArrayConstructor
  | Uint8ArrayConstructor
  | Int16ArrayConstructor
  | Uint16ArrayConstructor
  | Int32ArrayConstructor
  | Uint32ArrayConstructor
  | Float32ArrayConstructor
  | Float64ArrayConstructor;

// An index that is no integer is none of the array's; `>>>` tells, and costs nothing.
function numbers(kind: NumberArray): (...place: Place) => Load<number> {
  return (buffer, offset, length, step, gone) => {
    const words = new kind(buffer, offset, length);
    return index => (index >>> 0 === index ? words[index * step] : undefined) ?? gone(index);
  };
}

function bigints(
  kind: BigInt64ArrayConstructor | BigUint64ArrayConstructor,
): (...place: Place) => Load<bigint> {
  return (buffer, offset, length, step, gone) => {
    const words = new kind(buffer, offset, length);
    return index => (index >>> 0 === index ? words[index * step] : undefined) ?? gone(index);
  };
}

const { s8, u8, s16, u16, s32, u32, s64, u64, f32, f64, pointer } = scalars;
const { s16be, u16be, s32be, u32be, s64be, u64be, f32be, f64be, pointerbe } = scalars;
const isLittle = endianness() === 'LE';
const host = <T>(little: Codec<T>, big: Codec<T>): Codec<unknown> => (isLittle ? little : big);

/** Scalars that a typed array reads: those in this machine's byte order. */
const loaders = new Map<Codec<unknown>, (...place: Place) => Load<unknown>>([
  [s8, numbers(Int8Array)],
  [u8, numbers(Uint8Array)],
  [host(s16, s16be), numbers(Int16Array)],
  [host(u16, u16be), numbers(Uint16Array)],
  [host(s32, s32be), numbers(Int32Array)],
  [host(u32, u32be), numbers(Uint32Array)],
  [host(f32, f32be), numbers(Float32Array)],
  [host(f64, f64be), numbers(Float64Array)],
  [host(s64, s64be), bigints(BigInt64Array)],
  [host(u64, u64be), bigints(BigUint64Array)],
  [host(pointer, pointerbe), bigints(BigUint64Array)],
]);

/** Reads scalars without a codec's call; undefined where the codec is needed. */
export function scalarLoad<T>(
  codec: Codec<T>,
  buffer: ArrayBuffer,
  spacing: Spacing,
  gone: Gone,
): Load<T> | undefined {
  const { size } = codec;
  const loader = loaders.get(codec as Codec<unknown>);
  if (loader === undefined || !isAligned(size, spacing)) return undefined;
  const { offset, stride } = spacing;
  return loader(buffer, offset, lastWord(size, spacing) + 1, stride / size, gone) as Load<T>;
}
