/** The kinds of BTF types, and what each looks like to a reader. */

/** Kind names, by their number in include/uapi/linux/btf.h. */
export const btfKinds = [
  'void',
  'int',
  'ptr',
  'array',
  'struct',
  'union',
  'enum',
  'fwd',
  'typedef',
  'volatile',
  'const',
  'restrict',
  'func',
  'func_proto',
  'var',
  'datasec',
  'float',
  'decl_tag',
  'type_tag',
  'enum64',
] as const;

/** Name of a kind: `struct`, `func_proto`, `enum64`; `unknown` for one that came after this version. */
export type BtfKind = (typeof btfKinds)[number] | 'unknown';

/** Fields of every type. */
export interface BtfCommon<Kind extends BtfKind> {
  readonly kind: Kind;
  readonly id: number;
  /** Empty for an anonymous type, and for kinds that have no name. */
  readonly name: string;
}

/** Where a function or variable is seen from. */
export type BtfLinkage = 'static' | 'global' | 'extern';

/** `void`, id 0. */
export type BtfVoid = BtfCommon<'void'>;

/** A type of a kind that came after this version: only its name is known. */
export type BtfUnknown = BtfCommon<'unknown'>;

/** An integer, `char` and `_Bool` included. */
export interface BtfInt extends BtfCommon<'int'> {
  /** In bytes. */
  readonly size: number;
  /** Bits in use: fewer than `8 * size` in a bitfield's type of the old form. */
  readonly bits: number;
  /** Where those bits start, counted as a member's `bitOffset`. */
  readonly bitOffset: number;
  readonly signed: boolean;
  readonly bool: boolean;
}

/** A pointer, and the names and qualifiers that only stand before another type. */
export interface BtfReference
  extends BtfCommon<'ptr' | 'typedef' | 'const' | 'volatile' | 'restrict' | 'type_tag'> {
  /** Id of the type it refers to. */
  readonly type: number;
  /** Of a type tag: true when it is an attribute of the C compiler, not only a note. */
  readonly attribute: boolean;
}

/** An array. */
export interface BtfArray extends BtfCommon<'array'> {
  /** Id of the element type. */
  readonly type: number;
  readonly indexType: number;
  /** Number of elements; 0 for a flexible array. */
  readonly count: number;
}

/** A struct or union member. */
export interface BtfMember {
  /** Empty for an anonymous struct or union. */
  readonly name: string;
  readonly type: number;
  /** From the start of the struct; in a big-endian type counted from the highest bit of each byte. */
  readonly bitOffset: number;
  /** Width of a bitfield, 0 for an ordinary member. Both encodings of bitfields are read. */
  readonly bits: number;
}

/** A struct or union. */
export interface BtfStruct extends BtfCommon<'struct' | 'union'> {
  /** In bytes. */
  readonly size: number;
  readonly members: readonly BtfMember[];
}

/** An enum; values of an `enum64` are bigint. */
export interface BtfEnum extends BtfCommon<'enum' | 'enum64'> {
  /** In bytes. */
  readonly size: number;
  readonly signed: boolean;
  readonly values: readonly { readonly name: string; readonly value: number | bigint }[];
}

/**
 * True for an enum of 8 bytes as clang wrote it before version 15, and pahole before 1.24: there was no `enum64`, and 32
 * bits of each value were kept.
 */
export function isCutEnum(type: BtfType): type is BtfEnum {
  return type.kind === 'enum' && type.size === 8;
}

/** A struct or union that is only declared. */
export interface BtfFwd extends BtfCommon<'fwd'> {
  readonly of: 'struct' | 'union';
}

/** A function; its parameters are in its prototype. */
export interface BtfFunc extends BtfCommon<'func'> {
  /** Id of its prototype. */
  readonly type: number;
  readonly linkage: BtfLinkage;
}

/** A function's parameters and result. */
export interface BtfFuncProto extends BtfCommon<'func_proto'> {
  /** Id of the result's type; 0 for `void`. */
  readonly type: number;
  readonly params: readonly { readonly name: string; readonly type: number }[];
  /** True when the parameters end in `...`. */
  readonly variadic: boolean;
}

/** A global or static variable. */
export interface BtfVar extends BtfCommon<'var'> {
  readonly type: number;
  readonly linkage: BtfLinkage;
}

/** A section of variables. */
export interface BtfDatasec extends BtfCommon<'datasec'> {
  /** In bytes; 0 in an object that no linker has touched. */
  readonly size: number;
  /** Ids of the variables; offsets are 0 in an object that no linker has touched. */
  readonly variables: readonly { readonly type: number; readonly offset: number; readonly size: number }[];
}

/** A floating point number. */
export interface BtfFloat extends BtfCommon<'float'> {
  /** In bytes. */
  readonly size: number;
}

/** A note on a type, member or parameter: `__attribute__((btf_decl_tag(name)))`. */
export interface BtfDeclTag extends BtfCommon<'decl_tag'> {
  readonly type: number;
  /** Index of the member or parameter it is on, -1 for the type itself. */
  readonly component: number;
  /** True when it is an attribute of the C compiler, not only a note. */
  readonly attribute: boolean;
}

/** A type, told apart by `kind`. */
export type BtfType =
  | BtfVoid
  | BtfUnknown
  | BtfInt
  | BtfReference
  | BtfArray
  | BtfStruct
  | BtfEnum
  | BtfFwd
  | BtfFunc
  | BtfFuncProto
  | BtfVar
  | BtfDatasec
  | BtfFloat
  | BtfDeclTag;
