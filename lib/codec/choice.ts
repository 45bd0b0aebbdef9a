/** The rules by which a C type's form is chosen, where BTF leaves a choice. */
import type { Btf, BtfType } from '../btf/index.js';
import type { Form } from './forms.js';
import type { Shape } from './shape.js';

/** `struct event`, `enum state`; base types as they are. */
export function taggedName({ kind, name }: BtfType): string {
  if (kind === 'struct' || kind === 'union' || kind === 'enum') return `${kind} ${name}`;
  return kind === 'enum64' ? `enum ${name}` : name;
}

/** Little endian or not, where a typedef says so: `__be16` of any object is big endian. */
export function orderOf(typedefs: readonly string[]): boolean | undefined {
  const ordered = typedefs.find(name => /^__[bl]e(16|32|64)$/.test(name));
  return ordered?.startsWith('__le');
}

/** `char` makes text, `unsigned char` bytes, `signed char` neither. */
export function charKind(btf: Btf, element: number): 'text' | 'bytes' | undefined {
  const type = btf.type(btf.resolve(element));
  if (type.kind !== 'int' || type.size !== 1 || type.bool) return undefined;
  if (type.name === 'char') return 'text';
  return type.signed ? undefined : 'bytes';
}

const addressSizes = { ipv4: 4, ipv6: 16, mac: 6 } as const;

/** The shape of a type in a form that leaves nothing of its parts; undefined where it cannot have that form. */
export function wholeForm(btf: Btf, type: BtfType, form: Form, tail: boolean): Shape | undefined {
  const flexible = type.kind === 'array' && type.count === 0 && tail;
  if (form === 'ipv4' || form === 'ipv6' || form === 'mac')
    return btf.sizeOf(type.id) === addressSizes[form] ? { kind: 'address', address: form } : undefined;
  if (form === 'text' && !(type.kind === 'array' && btf.sizeOf(type.type) === 1)) return undefined;
  if (form !== 'text' && form !== 'bytes') return undefined;
  if (flexible && btf.sizeOf(type.type) !== 1) return undefined;
  return flexible ? { kind: form } : { kind: form, length: btf.sizeOf(type.id) };
}
