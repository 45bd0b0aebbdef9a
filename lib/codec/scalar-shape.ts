/** Shapes of integers, floats, pointers and enums: what C's own types are, in the byte order of their object. */
import type { Btf, BtfEnum, BtfFloat, BtfInt } from '../btf/index.js';
import { type Form, isNumberForm } from './forms.js';
import type { ScalarName } from './scalar.js';
import type { EnumShape, ScalarShape, Shape } from './shape.js';

/** An integer; of a width that JavaScript has no accessor for, its bytes. */
export function intShape(
  btf: Btf,
  { size, signed, bool }: Pick<BtfInt, 'size' | 'signed' | 'bool'>,
  { form, littleEndian }: { readonly form: Form | undefined; readonly littleEndian: boolean },
): Shape {
  if (bool && size === 1) return ordered(btf, 'bool');
  if (![1, 2, 4, 8, 16].includes(size)) return { kind: 'bytes', length: size };
  const chosen = size === 8 && form !== 'bigint' && isNumberForm(form) ? form : '';
  return { kind: 'scalar', scalar: integer(size, signed, littleEndian, chosen) };
}

/** A pointer; of 32-bit objects a plain integer. */
export function pointerShape(btf: Btf): ScalarShape {
  return ordered(btf, btf.pointerSize === 8 ? 'pointer' : 'u32');
}

/** A float. `long double` has no counterpart; its bytes are left as they are. */
export function floatShape(btf: Btf, { size }: BtfFloat): Shape {
  if (size === 4 || size === 8) return ordered(btf, size === 4 ? 'f32' : 'f64');
  return { kind: 'bytes', length: size };
}

/** An enum of 1, 2, 4 or 8 bytes, under the name that it is to have. */
export function enumShape(btf: Btf, type: BtfEnum, kind: EnumShape['kind'], name: string): EnumShape {
  const { size, values } = type;
  const signed = isSigned(btf, type);
  const scalar = integer(size, signed, btf.littleEndian);
  const stored = (value: number | bigint) => (size === 8 ? BigInt(value) : narrowed(value, signed));
  return { kind, type: name, scalar, values: values.map(each => [each.name, stored(each.value)]) };
}

function integer(size: number, signed: boolean, littleEndian: boolean, form = ''): ScalarName {
  return `${signed ? 's' : 'u'}${size * 8}${form}${littleEndian ? '' : 'be'}` as ScalarName;
}

function ordered(btf: Btf, scalar: ScalarName): ScalarShape {
  return { kind: 'scalar', scalar: btf.littleEndian ? scalar : (`${scalar}be` as ScalarName) };
}

/**
 * Whether an enum is signed. Before 2022 no producer said so, and its values were 32-bit signed integers: there, one
 * that would be above 2^31 is negative.
 */
function isSigned(btf: Btf, { kind, signed, values }: BtfEnum): boolean {
  if (signed || kind === 'enum64' || btf.signsEnums) return signed;
  return values.some(({ value }) => value >= 2 ** 31);
}

/** An enum's value as 32 bits, signed or not. */
function narrowed(value: number | bigint, signed: boolean): number {
  return signed ? Number(value) | 0 : Number(value);
}
