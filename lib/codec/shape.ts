/** The shape of a C type: its codec as plain data, from which the codec is built and generated modules are printed. */
import type { ScalarName } from './scalar.js';

/** An integer, boolean, float or pointer. */
export interface ScalarShape {
  readonly kind: 'scalar';
  readonly scalar: ScalarName;
}

/** `char[length]` or `__u8[length]`; a flexible one has no length. */
export interface StringShape {
  readonly kind: 'text' | 'bytes';
  readonly length?: number;
}

/** `of[count]`; a flexible one has no count. */
export interface ArrayShape {
  readonly kind: 'array';
  readonly of: Shape;
  readonly count?: number;
}

/** A C enum, as one name or as a list of flags. */
export interface EnumShape {
  readonly kind: 'enumeration' | 'flags';
  /** As `enum state`, or the typedef's name. */
  readonly type: string;
  readonly scalar: ScalarName;
  readonly values: readonly (readonly [name: string, value: number | bigint])[];
}

/** A network address as text. */
export interface AddressShape {
  readonly kind: 'address';
  readonly address: 'ipv4' | 'ipv6' | 'mac';
}

/** A bitfield. */
export interface BitsShape {
  readonly kind: 'bits';
  readonly of: ScalarShape | EnumShape;
  readonly skip: number;
  readonly width: number;
}

/** One member of a struct or union, those of anonymous ones included. */
export interface MemberShape {
  readonly name: string;
  /** In bytes. */
  readonly offset: number;
  readonly shape: Shape;
}

/** A struct or union. */
export interface StructShape {
  readonly kind: 'struct' | 'union';
  /** As `struct event`, or the typedef's name; `struct` alone when it has none. */
  readonly type: string;
  readonly size: number;
  readonly members: readonly MemberShape[];
}

/** How a C type is read and written, as data. */
export type Shape =
  | ScalarShape
  | StringShape
  | ArrayShape
  | EnumShape
  | AddressShape
  | BitsShape
  | StructShape;

const flexible = new WeakMap<StructShape, boolean>();

/** True for a shape whose records may be longer than its size. */
export function isFlexible(shape: Shape): boolean {
  switch (shape.kind) {
    case 'text':
    case 'bytes':
      return shape.length === undefined;
    case 'array':
      return shape.count === undefined;
    case 'struct':
    case 'union':
      return isFlexibleStruct(shape);
    default:
      return false;
  }
}

function isFlexibleStruct(shape: StructShape): boolean {
  const known = flexible.get(shape) ?? shape.members.some(member => isFlexible(member.shape));
  flexible.set(shape, known);
  return known;
}
