/**
 * Kinds of types that BTF has (include/uapi/linux/btf.h): the first kernel that takes each from a program's own
 * types. Pure data.
 */

/** `void` has no record, and what is unknown no kernel. */
export const btfKinds = {
  int: '4.18',
  ptr: '4.18',
  array: '4.18',
  struct: '4.18',
  union: '4.18',
  enum: '4.18',
  fwd: '4.18',
  typedef: '4.18',
  volatile: '4.18',
  const: '4.18',
  restrict: '4.18',
  func: '5.0',
  func_proto: '5.0',
  var: '5.2',
  datasec: '5.2',
  float: '5.13',
  decl_tag: '5.16',
  type_tag: '5.17',
  enum64: '6.0',
} as const satisfies Readonly<Record<string, string>>;

/** The name of a kind that a kernel may have. */
export type BtfKindName = keyof typeof btfKinds;
