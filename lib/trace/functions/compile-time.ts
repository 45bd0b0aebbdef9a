/** What is known before the script runs. */
import { binary, constant, type Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import type { CallExpression, Expression } from '../tree/tree.js';
import { fieldOf } from '../types/from-btf.js';
import { bool, type IntType, languageSize, type Type, uint64 } from '../types/type.js';
import type { Typing } from '../types/typing.js';
import type { FunctionRow } from './row.js';
import { checked } from './strings.js';
import { argumentAt } from './time.js';

export const compileTime: readonly FunctionRow[] = [
  { name: 'sizeof', takes: [1, 1], type: checked(uint64), lower: lowerSizeof },
  { name: 'offsetof', takes: [2, 2], type: offsetType, lower: lowerOffset },
  { name: 'container_of', takes: [3, 3], type: containerType, lower: lowerContainer },
  { name: 'bswap', takes: [1, 1], type: swapType, lower: lowerSwap },
  test('is_str', ({ kind }) => kind === 'string'),
  test('is_ptr', ({ kind }) => kind === 'pointer'),
  test('is_array', ({ kind }) => kind === 'array'),
  test('is_integer', ({ kind }) => kind === 'int'),
  test('is_unsigned_integer', type => type.kind === 'int' && !type.signed),
  {
    name: 'is_literal',
    takes: [1, 1],
    type: checked(bool),
    lower: (call, { typing }) => constant(Number(typing.literal(argumentAt(call, 0)) !== undefined)),
  },
];

function test(name: string, holds: (type: Type) => boolean): FunctionRow {
  const lowerTest = (call: CallExpression, lowering: Lowering) =>
    constant(Number(holds(lowering.type(argumentAt(call, 0)))));
  return { name, takes: [1, 1], type: checked(bool), lower: lowerTest };
}

function lowerSizeof(call: CallExpression, lowering: Lowering): Value {
  return constant(languageSize(lowering.type(argumentAt(call, 0))));
}

function offsetType(call: CallExpression, typing: Typing): Type {
  typing.typeOf(argumentAt(call, 0));
  return uint64;
}

function lowerOffset(call: CallExpression, lowering: Lowering): Value {
  return constant(offsetIn(lowering, lowering.type(argumentAt(call, 0)), argumentAt(call, 1)));
}

function offsetIn(lowering: Lowering, of: Type, field: Expression): number {
  let type = of;
  let offset = 0;
  for (const name of pathOf(field)) {
    const found = type.kind === 'struct' ? fieldOf(type.btf, type.id, name, 'kernel') : undefined;
    if (found === undefined) throw lowering.refuse(field, `there is no field ${name}`);
    offset += found.offset;
    type = found.type;
  }
  return offset;
}

/** A pointer to the struct whose member the first argument points to. */
function containerType(call: CallExpression, typing: Typing): Type {
  const given = typing.typeOf(argumentAt(call, 0));
  const to = typing.typeOf(argumentAt(call, 1));
  if (to.kind !== 'struct') throw typing.refuse(argumentAt(call, 1), 'container_of takes a struct');
  return { kind: 'pointer', to, space: given.kind === 'pointer' ? given.space : typing.space };
}

function lowerContainer(call: CallExpression, lowering: Lowering): Value {
  const offset = offsetIn(lowering, lowering.type(argumentAt(call, 1)), argumentAt(call, 2));
  return binary('-', lowering.lower(argumentAt(call, 0)), offset);
}

/** `a.b.c`, which the parser took for a type or for fields. */
function pathOf(field: Expression): string[] {
  const path: string[] = [];
  let given = field;
  for (; given.kind === 'field'; given = given.of) path.unshift(given.name);
  if (given.kind === 'type') path.unshift(given.type.name);
  if (given.kind === 'name') path.unshift(given.name);
  return path;
}

function swapType(call: CallExpression, typing: Typing): Type {
  const type = typing.valueType(argumentAt(call, 0));
  if (type.kind === 'int') return { kind: 'int', size: type.size, signed: false };
  throw typing.refuse(call, 'bswap takes a number');
}

/** Byte by byte from one end to the other. */
function lowerSwap(call: CallExpression, lowering: Lowering): Value {
  const { size } = lowering.type(call) as IntType;
  const value = lowering.pin(lowering.lower(argumentAt(call, 0)));
  const bytes = Array.from({ length: size }, (_, at): Value => {
    const byte: Value = {
      op: 'binary',
      operator: '&',
      left: shifted(value, '>>', at * 8),
      right: constant(0xff),
    };
    return shifted(byte, '<<', (size - 1 - at) * 8);
  });
  return bytes.reduce((left, right) => ({ op: 'binary', operator: '|', left, right }));
}

function shifted(left: Value, operator: '<<' | '>>', bits: number): Value {
  return bits === 0 ? left : { op: 'binary', operator, left, right: constant(bits) };
}
