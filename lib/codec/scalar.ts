/** Integers, booleans, floats and pointers. Little endian; those whose name ends in `be` are big endian. */

import type { InlineCodec } from './inline.js';
import { boolean, float, huge, type IntegerCodec, narrow, wide } from './make-scalar.js';
import {
  s64number,
  s64numberbe,
  s64rounded,
  s64roundedbe,
  u64number,
  u64numberbe,
  u64rounded,
  u64roundedbe,
} from './number64.js';

/** `_Bool`: any byte but 0 reads as true. */
export const bool: IntegerCodec<boolean> = boolean('bool');
/** An unsigned 8-bit integer. */
export const u8: IntegerCodec<number> = narrow('u8', 1, false);
/** An unsigned 16-bit integer; little endian. */
export const u16: IntegerCodec<number> = narrow('u16', 2, false);
/** An unsigned 32-bit integer; little endian. */
export const u32: IntegerCodec<number> = narrow('u32', 4, false);
/** An unsigned 64-bit integer, as a bigint; little endian. */
export const u64: IntegerCodec<bigint> = wide('u64', false);
/** An unsigned 128-bit integer, as a bigint; little endian. */
export const u128: InlineCodec<bigint> = huge('u128', false);
/** A signed 8-bit integer. */
export const s8: IntegerCodec<number> = narrow('s8', 1, true);
/** A signed 16-bit integer; little endian. */
export const s16: IntegerCodec<number> = narrow('s16', 2, true);
/** A signed 32-bit integer; little endian. */
export const s32: IntegerCodec<number> = narrow('s32', 4, true);
/** A signed 64-bit integer, as a bigint; little endian. */
export const s64: IntegerCodec<bigint> = wide('s64', true);
/** A signed 128-bit integer, as a bigint; little endian. */
export const s128: InlineCodec<bigint> = huge('s128', true);
/** A 32-bit float; little endian. A number that it cannot hold is rounded to one that it can. */
export const f32: InlineCodec<number> = float('f32', 'Float32');
/** A 64-bit float; little endian. */
export const f64: InlineCodec<number> = float('f64', 'Float64');
/** A pointer, as a bigint; little endian. */
export const pointer: IntegerCodec<bigint> = wide('pointer', false);
/** `_Bool` of big-endian objects; differs from `bool` in bitfields only. */
export const boolbe: IntegerCodec<boolean> = boolean('boolbe', false);
/** An unsigned 8-bit integer of big-endian objects; differs from `u8` in bitfields only. */
export const u8be: IntegerCodec<number> = narrow('u8be', 1, false, false);
/** A signed 8-bit integer of big-endian objects; differs from `s8` in bitfields only. */
export const s8be: IntegerCodec<number> = narrow('s8be', 1, true, false);
/** An unsigned 16-bit integer; big endian. */
export const u16be: IntegerCodec<number> = narrow('u16be', 2, false, false);
/** An unsigned 32-bit integer; big endian. */
export const u32be: IntegerCodec<number> = narrow('u32be', 4, false, false);
/** An unsigned 64-bit integer, as a bigint; big endian. */
export const u64be: IntegerCodec<bigint> = wide('u64be', false, false);
/** An unsigned 128-bit integer, as a bigint; big endian. */
export const u128be: InlineCodec<bigint> = huge('u128be', false, false);
/** A signed 16-bit integer; big endian. */
export const s16be: IntegerCodec<number> = narrow('s16be', 2, true, false);
/** A signed 32-bit integer; big endian. */
export const s32be: IntegerCodec<number> = narrow('s32be', 4, true, false);
/** A signed 64-bit integer, as a bigint; big endian. */
export const s64be: IntegerCodec<bigint> = wide('s64be', true, false);
/** A signed 128-bit integer, as a bigint; big endian. */
export const s128be: InlineCodec<bigint> = huge('s128be', true, false);
/** A 32-bit float; big endian. */
export const f32be: InlineCodec<number> = float('f32be', 'Float32', false);
/** A 64-bit float; big endian. */
export const f64be: InlineCodec<number> = float('f64be', 'Float64', false);
/** A pointer, as a bigint; big endian. */
export const pointerbe: IntegerCodec<bigint> = wide('pointerbe', false, false);

/** All of them, by name. */
export const scalars = {
  bool,
  u8,
  u16,
  u32,
  u64,
  u128,
  s8,
  s16,
  s32,
  s64,
  s128,
  f32,
  f64,
  pointer,
  boolbe,
  u8be,
  s8be,
  u16be,
  u32be,
  u64be,
  u128be,
  s16be,
  s32be,
  s64be,
  s128be,
  f32be,
  f64be,
  pointerbe,
  u64number,
  s64number,
  u64numberbe,
  s64numberbe,
  u64rounded,
  s64rounded,
  u64roundedbe,
  s64roundedbe,
} as const;

/** `u32`, `s64be`, `pointer`. */
export type ScalarName = keyof typeof scalars;
