/** The type that two values have in common, as of all that is assigned to a variable. */
import { type IntType, int64, type Type } from './type.js';

/** Undefined where they have none. */
export function join(one: Type, other: Type): Type | undefined {
  if (one.kind === 'unknown') return other;
  if (other.kind === 'unknown') return one;
  if (one.kind === 'none' || other.kind === 'none') return one.kind === other.kind ? one : undefined;
  if (one.kind === 'int' && other.kind === 'int') return joinIntegers(one, other);
  if (one.kind === 'pointer' || other.kind === 'pointer') return joinPointers(one, other);
  if (one.kind === 'string' && other.kind === 'string') return one.size >= other.size ? one : other;
  if (one.kind === 'buffer' && other.kind === 'buffer') return one.size >= other.size ? one : other;
  if (one.kind === 'tuple' && other.kind === 'tuple') return joinTuples(one, other);
  if (one.kind !== other.kind) return undefined;
  return isAlike(one, other) ? one : undefined;
}

function joinIntegers(one: IntType, other: IntType): IntType {
  if (one.signed === other.signed)
    return one.size >= other.size ? withoutLiteral(one, other) : withoutLiteral(other, one);
  const [signed, unsigned] = one.signed ? [one, other] : [other, one];
  if (signed.isLiteral) return unsigned.size >= signed.size ? unsigned : { ...unsigned, size: signed.size };
  const size = Math.max(signed.size, unsigned.size * 2);
  return size <= 8 ? { kind: 'int', size: size as IntType['size'], signed: true } : int64;
}

function withoutLiteral(chosen: IntType, other: IntType): IntType {
  if (chosen.isLiteral && other.isLiteral) return chosen;
  return { kind: 'int', size: chosen.size, signed: chosen.signed, ...(chosen.enum && { enum: chosen.enum }) };
}

/** A pointer and a number are a pointer: 0 is one to nothing. */
function joinPointers(one: Type, other: Type): Type | undefined {
  if (one.kind === 'pointer' && other.kind === 'int') return one;
  if (one.kind === 'int' && other.kind === 'pointer') return other;
  return one.kind === other.kind ? one : undefined;
}

function joinTuples(one: Type & { kind: 'tuple' }, other: Type & { kind: 'tuple' }): Type | undefined {
  if (one.items.length !== other.items.length || !!one.names !== !!other.names) return undefined;
  const items: Type[] = [];
  for (const [at, item] of one.items.entries()) {
    const place = one.names && other.names ? other.names.indexOf(one.names[at] ?? '') : at;
    const joined = join(item, other.items[place] ?? { kind: 'none' });
    if (joined === undefined) return undefined;
    items.push(joined);
  }
  return { ...one, items };
}

function isAlike(one: Type, other: Type): boolean {
  if (one.kind === 'struct' && other.kind === 'struct') return one.id === other.id;
  if (one.kind === 'array' && other.kind === 'array')
    return one.count === other.count && join(one.of, other.of) !== undefined;
  if (one.kind === 'aggregate' && other.kind === 'aggregate') return one.name === other.name;
  return true;
}

/** True where a second type says nothing new. */
export function isSame(one: Type, other: Type): boolean {
  if (one === other) return true;
  if (one.kind === 'tuple' && other.kind === 'tuple')
    return (
      one.items.length === other.items.length &&
      one.items.every((item, at) => isSame(item, other.items[at] ?? item))
    );
  if (one.kind === 'pointer' && other.kind === 'pointer') return isSame(one.to, other.to);
  const plain = (type: Type) =>
    'size' in type ? `${type.kind} ${type.size} ${'signed' in type && type.signed}` : type.kind;
  return plain(one) === plain(other) && (one.kind !== 'aggregate' || one === other || isAlike(one, other));
}

/** As errors call it. */
export function typeText(type: Type): string {
  switch (type.kind) {
    case 'int':
      return `${type.signed ? 'int' : 'uint'}${type.size * 8}`;
    case 'pointer':
      return `${typeText(type.to)}*`;
    case 'string':
      return `string[${type.size}]`;
    case 'tuple':
      return `(${type.items.map(typeText).join(', ')})`;
    case 'array':
      return `${typeText(type.of)}[${type.count}]`;
    case 'struct':
      return `${type.btf.kind(type.id)} ${type.btf.name(type.id)}`;
    case 'aggregate':
      return `${type.name}_t`;
    default:
      return type.kind;
  }
}
