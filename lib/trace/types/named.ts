/** Types as scripts name them, and literals as they write them. */
import type { Btf } from '../../doors/btf.js';
import type { Expression, TypeName } from '../tree/tree.js';
import { enumerator, namedType } from './from-btf.js';
import { type Type, uint64 } from './type.js';
import type { Typing } from './typing.js';

/** @throws BpfError where there is no such type */
export function typeNamed(typing: Typing, given: TypeName): Type {
  const [first, ...rest] = given.suffixes;
  if (given.name === 'string' || given.name === 'buffer')
    return { kind: given.name, size: typeof first === 'number' ? first : typing.settings.max_strlen };
  const { btf } = typing.target;
  const named = given.of ? typing.typeOf(given.of) : namedType(given.name, btf, typing.space);
  // The size of a constant is that of a number.
  const base = named ?? (btf && enumerator(btf, given.name) ? uint64 : undefined);
  if (base === undefined) throw typing.refuse(given, `there is no type ${given.name}`);
  const suffixes = first === undefined ? [] : [first, ...rest];
  return suffixes.reduce<Type>((type, suffix) => suffixed(typing, type, suffix), base);
}

function suffixed({ space }: Typing, type: Type, suffix: '*' | number | null): Type {
  return suffix === '*'
    ? { kind: 'pointer', to: type, space }
    : { kind: 'array', of: type, count: suffix ?? 0 };
}

/** A pointer that is made another stays one of the same memory. */
export function castType(typing: Typing, given: TypeName, operand: Type): Type {
  const type = typing.named(given);
  return type.kind === 'pointer' && operand.kind === 'pointer' ? { ...type, space: operand.space } : type;
}

/** What is computed before the program runs: of small numbers, which no width of C's changes. */
const folded: Readonly<Record<string, (left: bigint, right: bigint) => bigint | undefined>> = {
  '+': (left, right) => small(left + right),
  '*': (left, right) => small(left * right),
};

const small = (value: bigint) => (value < 2n ** 31n ? value : undefined);

/** Undefined where it is only known when the program runs. */
export function literalOf(given: Expression, btf: Btf | undefined): bigint | string | boolean | undefined {
  if (given.kind === 'literal') return given.value;
  if (given.kind === 'name' && btf) return enumerator(btf, given.name)?.value;
  if (given.kind === 'unary' && given.operator === '-') {
    const value = literalOf(given.operand, btf);
    return typeof value === 'bigint' ? -value : undefined;
  }
  if (given.kind === 'binary' && Object.hasOwn(folded, given.operator)) {
    const [left, right] = [literalOf(given.left, btf), literalOf(given.right, btf)];
    const fold = folded[given.operator];
    return typeof left === 'bigint' && typeof right === 'bigint' && left >= 0n && right >= 0n
      ? fold?.(left, right)
      : undefined;
  }
  if (given.kind === 'block' && given.body.length === 0 && given.value) return literalOf(given.value, btf);
  return undefined;
}
