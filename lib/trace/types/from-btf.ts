/** Types of BTF and of C text, as types of the language. */
import type { Btf, BtfArray, BtfKind } from '../../doors/btf.js';
import { bool, type IntType, int64, none, type Space, type Type, uint64 } from './type.js';

/** A type of the kernel's. Arrays of characters are strings. */
export function typeOf(btf: Btf, id: number, space: Space): Type {
  const resolved = btf.resolve(id);
  const type = btf.type(resolved);
  switch (type.kind) {
    case 'int':
      if (type.bool) return bool;
      return integer(type.size, type.signed || type.name === 'char');
    case 'enum':
    case 'enum64':
      return { ...integer(type.size, type.signed), enum: { btf, id: resolved } };
    case 'ptr':
      return { kind: 'pointer', to: pointedTo(btf, type.type, space), space };
    case 'struct':
    case 'union':
      return { kind: 'struct', btf, id: resolved, size: type.size };
    case 'array':
      return arrayOf(btf, type, space);
    default:
      return type.kind === 'void' ? none : uint64;
  }
}

function pointedTo(btf: Btf, id: number, space: Space): Type {
  const resolved = btf.type(btf.resolve(id));
  if (resolved.kind === 'fwd') {
    // A struct that points to its own kind was not whole when the pointer was declared.
    const whole = lastOf(btf, resolved.of, resolved.name);
    return whole === undefined ? none : typeOf(btf, whole, space);
  }
  return resolved.kind === 'func_proto' || resolved.kind === 'void' ? none : typeOf(btf, id, space);
}

function integer(size: number, signed: boolean): IntType {
  if (size === 1 || size === 2 || size === 4) return { kind: 'int', size, signed };
  return signed ? int64 : uint64;
}

function arrayOf(btf: Btf, { type, count }: BtfArray, space: Space): Type {
  const element = btf.resolve(type);
  if (btf.kind(element) === 'int' && btf.name(element) === 'char') return { kind: 'string', size: count };
  return { kind: 'array', of: typeOf(btf, element, space), count };
}

/** A field, with where it is: by name, also inside of members without a name. */
export interface Field {
  readonly type: Type;
  readonly offset: number;
  readonly bits?: { readonly offset: number; readonly width: number };
}

export function fieldOf(btf: Btf, id: number, name: string, space: Space): Field | undefined {
  const type = btf.type(id);
  if (type.kind !== 'struct' && type.kind !== 'union') return undefined;
  for (const member of type.members) {
    const offset = Math.floor(member.bitOffset / 8);
    if (member.name === name) {
      const found = { type: typeOf(btf, member.type, space), offset };
      return member.bits > 0 ? { ...found, bits: { offset: member.bitOffset, width: member.bits } } : found;
    }
    if (member.name !== '') continue;
    const inner = fieldOf(btf, btf.resolve(member.type), name, space);
    if (inner === undefined) continue;
    const bits = inner.bits && { offset: inner.bits.offset + member.bitOffset, width: inner.bits.width };
    return { ...inner, offset: inner.offset + offset, ...(bits && { bits }) };
  }
  return undefined;
}

/** The names that it has, for errors. */
export function fieldNames(btf: Btf, id: number): string[] {
  const type = btf.type(id);
  if (type.kind !== 'struct' && type.kind !== 'union') return [];
  return type.members.flatMap(({ name, type: of }) =>
    name === '' ? fieldNames(btf, btf.resolve(of)) : [name],
  );
}

const named: Readonly<Record<string, IntType>> = {
  ...Object.fromEntries(
    ([1, 2, 4, 8] as const).flatMap(size =>
      ['', '_t'].flatMap(end => [
        [`int${size * 8}${end}`, { kind: 'int', size, signed: true }],
        [`uint${size * 8}${end}`, { kind: 'int', size, signed: false }],
      ]),
    ),
  ),
  ...Object.fromEntries(
    ([1, 2, 4, 8] as const).flatMap(size => [
      [`s${size * 8}`, { kind: 'int', size, signed: true }],
      [`u${size * 8}`, { kind: 'int', size, signed: false }],
    ]),
  ),
};

/** `uint8`, `unsigned int`, `struct file`; undefined where there is none of that name. */
export function namedType(name: string, btf: Btf | undefined, space: Space): Type | undefined {
  if (Object.hasOwn(named, name)) return named[name];
  if (name === 'bool') return { kind: 'bool' };
  if (name === 'void') return none;
  if (/^(?:unsigned|signed|char|short|int|long|const|volatile)\b/.test(name)) return cInteger(name);
  return btf === undefined ? undefined : fromKernel(name, btf, space);
}

function cInteger(name: string): IntType {
  const signed = !/\bunsigned\b/.test(name);
  const size = /\bchar\b/.test(name) ? 1 : /\bshort\b/.test(name) ? 2 : /\blong\b/.test(name) ? 8 : 4;
  return { kind: 'int', size, signed };
}

function fromKernel(name: string, btf: Btf, space: Space): Type | undefined {
  const [, tag, bare = name] = /^(struct|union|enum) (\w+)$/.exec(name) ?? [];
  const kinds =
    tag === undefined
      ? (['typedef', 'struct', 'union', 'int', 'enum', 'enum64'] as const)
      : tag === 'enum'
        ? (['enum', 'enum64'] as const)
        : ([tag] as ('struct' | 'union')[]);
  for (const kind of kinds) {
    const id = lastOf(btf, kind, bare);
    if (id !== undefined) return typeOf(btf, id, space);
  }
  return undefined;
}

/** What a script declares stands before what the kernel calls so. */
function lastOf(btf: Btf, kind: BtfKind, name: string): number | undefined {
  const ids = btf.findAll(kind, name);
  const last = ids.at(-1);
  return btf.base !== undefined && last !== undefined && last >= btf.firstId ? last : ids[0];
}

/** The number of an enumerator. */
export function enumerator(btf: Btf, name: string): { value: bigint; type: IntType } | undefined {
  const found = enumerators(btf).get(name);
  if (found === undefined && btf.base !== undefined) return enumerator(btf.base, name);
  return found && { value: found.value, type: typeOf(btf, found.id, 'kernel') as IntType };
}

const namesOf = new WeakMap<Btf, Map<number, ReadonlyMap<bigint, string>>>();

/** What an enumeration calls a number; undefined where it has no name for it. */
export function enumeratorName({ btf, id }: { btf: Btf; id: number }, value: bigint): string | undefined {
  const tables = namesOf.get(btf) ?? new Map<number, ReadonlyMap<bigint, string>>();
  namesOf.set(btf, tables);
  const names = tables.get(id) ?? enumeratorNames(btf, id);
  tables.set(id, names);
  return names.get(value);
}

function enumeratorNames(btf: Btf, id: number): ReadonlyMap<bigint, string> {
  const type = btf.type(id);
  if (type.kind !== 'enum' && type.kind !== 'enum64') return new Map();
  return new Map(type.values.map(({ name, value }) => [BigInt(value), name]));
}

const tables = new WeakMap<Btf, ReadonlyMap<string, { value: bigint; id: number }>>();

function enumerators(btf: Btf) {
  const before = tables.get(btf);
  if (before !== undefined) return before;
  const made = new Map<string, { value: bigint; id: number }>();
  for (const kind of ['enum', 'enum64'] as const)
    for (const id of btf.ids(kind)) {
      const type = btf.type(id);
      if (type.kind === kind)
        for (const each of type.values) made.set(each.name, { value: BigInt(each.value), id });
    }
  tables.set(btf, made);
  return made;
}
