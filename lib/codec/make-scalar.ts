/** How scalars are made: integers of every size, booleans, floats. */
import { unfit } from './faults.js';
import { type InlineCodec, type InlineParts, inline } from './inline.js';
import type { Scope } from './scope.js';
import { wideSource, wideStore } from './wide-words.js';

/** A scalar that can also be a bitfield, or carry an enumeration: it converts from and to a plain integer. */
export type IntegerCodec<T> = InlineCodec<T> & Integer<T>;

/** What makes a codec one of integers. */
export interface Integer<T> {
  readonly signed: boolean;
  readonly littleEndian: boolean;
  /** True when the integer is a bigint. */
  readonly wide: boolean;
  fromInteger(raw: number | bigint): T;
  /** Throws when the value needs more than `bits`. */
  toInteger(value: T, bits: number): number | bigint;
}

type Accessor =
  | 'Int8'
  | 'Uint8'
  | 'Int16'
  | 'Uint16'
  | 'Int32'
  | 'Uint32'
  | 'Float32'
  | 'Float64'
  | BigAccessor;
type BigAccessor = 'BigInt64' | 'BigUint64';

/** `v.getUint32(o + 4, true)`. */
function getter(accessor: Accessor, littleEndian: boolean) {
  const order = accessor.endsWith('t8') ? '' : `, ${littleEndian}`;
  return (at: number) => `v.get${accessor}(o + ${at}${order})`;
}

/** `v.setUint32(o + 4, a1, true)`. */
function setter(accessor: Accessor, littleEndian: boolean) {
  const order = accessor.endsWith('t8') ? '' : `, ${littleEndian}`;
  return (value: string, at: number) => `v.set${accessor}(o + ${at}, ${value}${order})`;
}

/** Statements that write a value if it fits. */
function checked(
  set: (value: string, at: number, scope: Scope) => string,
  fits: (value: string) => string,
): NonNullable<InlineParts<unknown>['store']> {
  return (value, at, scope) => `if (!(${fits(value)})) throw 0; ${set(value, at, scope)};`;
}

/** An expression that is equal to an integer of so many bytes, and to nothing else. */
function narrowing(value: string, bytes: 1 | 2 | 4, signed: boolean): string {
  const rest = 32 - bytes * 8;
  if (bytes === 4) return signed ? `(${value} | 0)` : `(${value} >>> 0)`;
  return signed ? `(${value} << ${rest} >> ${rest})` : `(${value} & ${2 ** (bytes * 8) - 1})`;
}

/** @internal */
export function narrow(
  type: string,
  bytes: 1 | 2 | 4,
  signed: boolean,
  littleEndian = true,
): IntegerCodec<number> {
  const accessor = `${signed ? 'Int' : 'Uint'}${(bytes * 8) as 8 | 16 | 32}` as const;
  const [get, set] = [`get${accessor}`, `set${accessor}`] as const;
  const toInteger = (value: number, bits: number) => inRange(type, value, signed, bits);
  return inline<number, Integer<number>>({
    type,
    size: bytes,
    signed,
    littleEndian,
    wide: false,
    source: getter(accessor, littleEndian),
    take: (view, offset) => view[get](offset, littleEndian),
    put: (view, offset, value) => view[set](offset, inRange(type, value, signed, bytes * 8), littleEndian),
    store: checked(
      setter(accessor, littleEndian),
      value => `${narrowing(value, bytes, signed)} === ${value}`,
    ),
    fromInteger: Number,
    toInteger,
  });
}

function inRange(type: string, value: number, signed: boolean, bits: number): number {
  const least = signed ? -(2 ** (bits - 1)) : 0;
  const most = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw unfit(type, `an integer from ${least} to ${most}`, value);
}

/** @internal */
export function wide(type: string, signed: boolean, littleEndian = true): IntegerCodec<bigint> {
  const accessor = signed ? 'BigInt64' : 'BigUint64';
  const cut = signed ? 'IntN' : 'UintN';
  const [get, set] = [`get${accessor}`, `set${accessor}`] as const;
  return inline<bigint, Integer<bigint>>({
    type,
    size: 8,
    signed,
    littleEndian,
    wide: true,
    source: wideSource(signed, littleEndian, getter(accessor, littleEndian)),
    take: (view, offset) => view[get](offset, littleEndian),
    put: (view, offset, value) => view[set](offset, inWideRange(type, value, signed, 64), littleEndian),
    store: checked(
      wideStore(signed, littleEndian, setter(accessor, littleEndian)),
      value => `BigInt.as${cut}(64, ${value}) === ${value}`,
    ),
    fromInteger: BigInt,
    toInteger: (value, bits) => inWideRange(type, value, signed, bits),
  });
}

function inWideRange(type: string, value: bigint, signed: boolean, bits: number): bigint {
  const fits = typeof value === 'bigint' && (signed ? BigInt.asIntN : BigInt.asUintN)(bits, value) === value;
  if (fits) return value;
  const [least, most] = signed
    ? [`-2n ** ${bits - 1}n`, `2n ** ${bits - 1}n - 1n`]
    : ['0n', `2n ** ${bits}n - 1n`];
  const remedy = typeof value === 'number' ? 'write it as a bigint: 1n' : undefined;
  throw unfit(type, `a bigint from ${least} to ${most}`, value, remedy);
}

/** @internal */
export function huge(type: string, signed: boolean, littleEndian = true): InlineCodec<bigint> {
  const [low, high] = littleEndian ? [0, 8] : [8, 0];
  const take = (view: DataView, offset: number) => {
    const top = signed
      ? view.getBigInt64(offset + high, littleEndian)
      : view.getBigUint64(offset + high, littleEndian);
    return (top << 64n) | view.getBigUint64(offset + low, littleEndian);
  };
  return inline<bigint>({
    type,
    size: 16,
    source: (at, _end, scope) => `${scope.constant(take)}(v, o + ${at})`,
    take,
    put(view, offset, value) {
      const checked = inWideRange(type, value, signed, 128);
      view.setBigUint64(offset + low, BigInt.asUintN(64, checked), littleEndian);
      view.setBigUint64(offset + high, BigInt.asUintN(64, checked >> 64n), littleEndian);
    },
  });
}

/** @internal */
export function float(
  type: string,
  accessor: 'Float32' | 'Float64',
  littleEndian = true,
): InlineCodec<number> {
  const [get, set] = [`get${accessor}`, `set${accessor}`] as const;
  return inline<number>({
    type,
    size: accessor === 'Float32' ? 4 : 8,
    source: getter(accessor, littleEndian),
    take: (view, offset) => view[get](offset, littleEndian),
    store: checked(setter(accessor, littleEndian), value => `typeof ${value} === 'number'`),
    put(view, offset, value) {
      if (typeof value !== 'number') throw unfit(type, 'a number', value);
      view[set](offset, value, littleEndian);
    },
  });
}

function toBit(value: boolean): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  throw unfit('bool', 'true or false', value);
}

/** @internal */
export function boolean(type: string, littleEndian = true): IntegerCodec<boolean> {
  return inline<boolean, Integer<boolean>>({
    type,
    size: 1,
    signed: false,
    littleEndian,
    wide: false,
    source: at => `v.getUint8(o + ${at}) !== 0`,
    take: (view, offset) => view.getUint8(offset) !== 0,
    put: (view, offset, value) => view.setUint8(offset, toBit(value)),
    store: checked(
      (value, at) => `v.setUint8(o + ${at}, ${value} ? 1 : 0)`,
      value => `typeof ${value} === 'boolean'`,
    ),
    fromInteger: raw => Number(raw) !== 0,
    toInteger: toBit,
  });
}
