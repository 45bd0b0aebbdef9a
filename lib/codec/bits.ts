/** Bitfields. */

import { requireCodec } from './faults.js';
import { type InlineCodec, inline } from './inline.js';
import type { Integer, IntegerCodec } from './make-scalar.js';

/** A bitfield's place: which bits of which bytes. */
export interface Bits {
  /** Bits left out before it: the low ones of its first byte; in a big-endian object the high ones. */
  readonly skip: number;
  /** Bits it has. */
  readonly width: number;
}

/**
 * A bitfield of `width` bits that begins `skip` bits into its first byte.
 *
 * @param of - its declared type, an integer, `bool` or enumeration, which says the byte order
 * @param skip - 0 to 7
 */
export function bits<T>(of: IntegerCodec<T>, skip: number, width: number): InlineCodec<T> & Bits {
  requireCodec('describe a bit field', of);
  const size = Math.ceil((skip + width) / 8);
  // Distance of the field's lowest bit from the lowest of the bytes it touches.
  const shift = of.littleEndian ? skip : size * 8 - skip - width;
  const isNarrow = size <= 4 && width < 32 && !of.wide;
  const [read, write] = isNarrow ? [readNarrow, writeNarrow] : [readWide, writeWide];
  const take = (view: DataView, offset: number) => of.fromInteger(read(view, offset, size, of, shift, width));
  return inline<T, Bits>({
    type: `${of.type} : ${width}`,
    size,
    skip,
    width,
    source: (at, _end, scope) => `${scope.constant(take)}(v, o + ${at})`,
    take,
    put: (view, offset, value) => write(view, offset, size, of, shift, width, of.toInteger(value, width)),
  });
}

type Order = Pick<Integer<unknown>, 'signed' | 'littleEndian'>;

function readNarrow(
  view: DataView,
  offset: number,
  size: number,
  of: Order,
  shift: number,
  width: number,
): number {
  const all = gatherNarrow(view, offset, size, of.littleEndian);
  const rest = 32 - width;
  return of.signed ? ((all >>> shift) << rest) >> rest : ((all >>> shift) << rest) >>> rest;
}

function readWide(
  view: DataView,
  offset: number,
  size: number,
  of: Order,
  shift: number,
  width: number,
): bigint {
  const value = gather(view, offset, size, of.littleEndian) >> BigInt(shift);
  return (of.signed ? BigInt.asIntN : BigInt.asUintN)(width, value);
}

function gatherNarrow(view: DataView, offset: number, size: number, littleEndian: boolean): number {
  let all = 0;
  for (let i = 0; i < size; i++) {
    all = (all << 8) | view.getUint8(offset + (littleEndian ? size - 1 - i : i));
  }
  return all;
}

function writeNarrow(
  view: DataView,
  offset: number,
  size: number,
  { littleEndian }: Order,
  shift: number,
  width: number,
  value: number | bigint,
): void {
  const mask = (2 ** width - 1) << shift;
  const old = gatherNarrow(view, offset, size, littleEndian);
  const all = (old & ~mask) | ((Number(value) << shift) & mask);
  for (let i = 0; i < size; i++) view.setUint8(offset + (littleEndian ? i : size - 1 - i), all >>> (8 * i));
}

function writeWide(
  view: DataView,
  offset: number,
  size: number,
  { littleEndian }: Order,
  shift: number,
  width: number,
  value: number | bigint,
): void {
  const mask = ((1n << BigInt(width)) - 1n) << BigInt(shift);
  const raw = BigInt.asUintN(width, BigInt(value)) << BigInt(shift);
  scatter(view, offset, size, littleEndian, (gather(view, offset, size, littleEndian) & ~mask) | raw);
}

function gather(view: DataView, offset: number, size: number, littleEndian: boolean): bigint {
  let all = 0n;
  for (let i = 0; i < size; i++) {
    all = (all << 8n) | BigInt(view.getUint8(offset + (littleEndian ? size - 1 - i : i)));
  }
  return all;
}

function scatter(view: DataView, offset: number, size: number, littleEndian: boolean, all: bigint): void {
  for (let i = 0; i < size; i++) {
    const byte = Number((all >> BigInt(8 * i)) & 0xffn);
    view.setUint8(offset + (littleEndian ? i : size - 1 - i), byte);
  }
}
