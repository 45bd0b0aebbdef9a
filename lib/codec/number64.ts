/** 64-bit integers read as `number`: exact below 2^53, beyond it refused or rounded. */
import { unfit, ValueError } from './faults.js';
import { inline } from './inline.js';
import type { Integer, IntegerCodec } from './make-scalar.js';

interface Kind {
  readonly signed: boolean;
  readonly littleEndian: boolean;
  /** True for one that rounds what is beyond 2^53. */
  readonly rounds: boolean;
}

function number64(type: string, { signed, littleEndian, rounds }: Kind): IntegerCodec<number> {
  const [low, high] = littleEndian ? [0, 4] : [4, 0];
  const exact = (value: number) => {
    if (rounds || Number.isSafeInteger(value)) return value;
    throw new ValueError(type, '', 'is beyond 2^53 and no exact number', 'read this member as a bigint');
  };
  const take = (view: DataView, offset: number) => {
    const top = signed
      ? view.getInt32(offset + high, littleEndian)
      : view.getUint32(offset + high, littleEndian);
    return exact(top * 0x1_0000_0000 + view.getUint32(offset + low, littleEndian));
  };
  const least = signed ? Number.MIN_SAFE_INTEGER : 0;
  const toInteger = (value: number, bits: number) => {
    const wide =
      Number.isInteger(value) && (rounds || Number.isSafeInteger(value)) ? BigInt(value) : undefined;
    if (wide !== undefined && (signed ? BigInt.asIntN : BigInt.asUintN)(bits, wide) === wide) return wide;
    const [least, most] = signed ? ['-2^53 + 1', '2^53 - 1'] : ['0', '2^53 - 1'];
    throw unfit(type, `an integer from ${least} to ${most}${bits < 64 ? ` in ${bits} bits` : ''}`, value);
  };
  return inline<number, Integer<number>>({
    type,
    size: 8,
    signed,
    littleEndian,
    wide: true,
    source: (at, _end, scope) => `${scope.constant(take)}(v, o + ${at})`,
    take,
    put: (view, offset, value) =>
      view.setBigUint64(offset, BigInt.asUintN(64, toInteger(value, 64)), littleEndian),
    store: (value, at) =>
      `if (!(Number.isSafeInteger(${value}) && ${value} >= ${least})) throw 0;` +
      `v.setUint32(o + ${at + low}, ${value} >>> 0, ${littleEndian});` +
      `v.setInt32(o + ${at + high}, Math.floor(${value} / 0x100000000), ${littleEndian});`,
    fromInteger: raw => exact(Number(raw)),
    toInteger,
  });
}

const little = { littleEndian: true, rounds: false };
const big = { littleEndian: false, rounds: false };

/** An unsigned 64-bit integer as a number; beyond 2^53 it throws. Little endian. */
export const u64number: IntegerCodec<number> = number64('u64', { ...little, signed: false });
/** A signed 64-bit integer as a number; beyond 2^53 it throws. Little endian. */
export const s64number: IntegerCodec<number> = number64('s64', { ...little, signed: true });
/** An unsigned 64-bit integer as a number; beyond 2^53 it throws. Big endian. */
export const u64numberbe: IntegerCodec<number> = number64('u64be', { ...big, signed: false });
/** A signed 64-bit integer as a number; beyond 2^53 it throws. Big endian. */
export const s64numberbe: IntegerCodec<number> = number64('s64be', { ...big, signed: true });
/** An unsigned 64-bit integer as the nearest number. Little endian. */
export const u64rounded: IntegerCodec<number> = number64('u64', { ...little, signed: false, rounds: true });
/** A signed 64-bit integer as the nearest number. Little endian. */
export const s64rounded: IntegerCodec<number> = number64('s64', { ...little, signed: true, rounds: true });
/** An unsigned 64-bit integer as the nearest number. Big endian. */
export const u64roundedbe: IntegerCodec<number> = number64('u64be', { ...big, signed: false, rounds: true });
/** A signed 64-bit integer as the nearest number. Big endian. */
export const s64roundedbe: IntegerCodec<number> = number64('s64be', { ...big, signed: true, rounds: true });
