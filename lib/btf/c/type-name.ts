/** How C code names a type: which kinds a name may be of. */
import type { BtfKind } from '../type.js';

/** A name without its tag, and the kinds that it may be of. */
interface TypeName {
  readonly kinds: readonly BtfKind[];
  readonly bare: string;
}

const tags: Readonly<Record<string, readonly BtfKind[]>> = {
  struct: ['struct'],
  union: ['union'],
  enum: ['enum', 'enum64'],
};

/** `struct x`, `union x`, `enum x`; else a typedef, a base type, a function or variable. */
export function parseTypeName(name: string): TypeName {
  const [, tag, bare = ''] = /^(?:(struct|union|enum)\s+)?(.*)$/s.exec(name.trim()) ?? [];
  const kinds = tag === undefined ? undefined : tags[tag];
  return { kinds: kinds ?? ['typedef', 'int', 'float', 'func', 'var', 'datasec'], bare };
}
