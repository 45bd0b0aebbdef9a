/** The door of the codec room: C values from and to bytes. */
export { ipv4, ipv6, mac } from './address.js';
export { array } from './array.js';
export { type Bits, bits } from './bits.js';
export { decode, encode, replacer } from './buffer.js';
export { buildCodec } from './build.js';
export { bytes, isBytes } from './bytes.js';
export { CValue } from './c-value.js';
export { type Codec, leastOf, type ValueOf } from './codec.js';
export { enumeration } from './enumeration.js';
export { type Find, finder } from './finder.js';
export { flags } from './flags.js';
export { type Form, type Forms, FormTable, formNames, type NumberForm, numberForms } from './forms.js';
export { codecOf } from './from-btf.js';
export { emittable, type InlineCodec, type InlineParts } from './inline.js';
export type { Integer, IntegerCodec } from './make-scalar.js';
export {
  s64number,
  s64numberbe,
  s64rounded,
  s64roundedbe,
  u64number,
  u64numberbe,
  u64rounded,
  u64roundedbe,
} from './number64.js';
export { type PairForm, pairRows } from './pair-rows.js';
export { type PlacedWrite, placedReader, placedWriter } from './placed.js';
export { type ReadRows, rowsOf } from './rows.js';
export {
  bool,
  boolbe,
  f32,
  f32be,
  f64,
  f64be,
  pointer,
  pointerbe,
  type ScalarName,
  s8,
  s8be,
  s16,
  s16be,
  s32,
  s32be,
  s64,
  s64be,
  s128,
  s128be,
  scalars,
  u8,
  u8be,
  u16,
  u16be,
  u32,
  u32be,
  u64,
  u64be,
  u128,
  u128be,
} from './scalar.js';
export { Scope } from './scope.js';
export {
  type AddressShape,
  type ArrayShape,
  type BitsShape,
  type EnumShape,
  isFlexible,
  type MemberShape,
  type ScalarShape,
  type Shape,
  type StringShape,
  type StructShape,
} from './shape.js';
export { shapeOf } from './shape-of.js';
export { type Layout, type StructCodec, struct, union } from './struct.js';
export { type Tagged, tagged, type Variants } from './tagged.js';
export { readText, text } from './text.js';
export { TextCache } from './text-cache.js';
