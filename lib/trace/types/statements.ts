/** Types in statements: what is assigned to maps and variables. */
import type { AssignStatement, Expression, ForStatement, Statement } from '../tree/tree.js';
import { typeText } from './join.js';
import { isScalar, uint64, unknown } from './type.js';
import type { Typing } from './typing.js';

export function typeStatements(typing: Typing, body: readonly Statement[]): void {
  for (const each of body) typeStatement(typing, each);
}

function typeStatement(typing: Typing, given: Statement): void {
  switch (given.kind) {
    case 'expression':
      typing.typeOf(given.expression);
      return;
    case 'assign':
      typeAssignment(typing, given);
      break;
    case 'let':
      typing.assignVariable(given.name, given.type ? typing.named(given.type) : unknown, given);
      if (given.value) typing.assignVariable(given.name, typing.valueType(given.value), given.value);
      return;
    case 'if':
      typing.typeOf(given.condition);
      typeStatements(typing, given.whenTrue);
      typeStatements(typing, given.whenFalse);
      break;
    case 'while':
      typing.typeOf(given.condition);
      typeStatements(typing, given.body);
      break;
    case 'unroll':
      typing.typeOf(given.times);
      typeStatements(typing, given.body);
      break;
    case 'for':
      typeFor(typing, given);
      break;
    case 'block':
      typing.typeOf(given);
      return;
    default:
      if (given.value) typing.typeOf(given.value);
  }
}

function typeAssignment(typing: Typing, { target, operator, value }: AssignStatement): void {
  if (operator !== undefined) {
    const type = typing.typeOf({
      kind: 'binary',
      operator,
      left: target,
      right: value,
      start: target.start,
      end: value.end,
    });
    if (target.kind === 'map') {
      typing.assignMap(target, type, value);
      return;
    }
    if (target.kind === 'variable') {
      typing.assignVariable(target.name, type, value);
      return;
    }
    return;
  }
  if (target.kind === 'map') {
    const type = typing.typeOf(value);
    const kept = type.kind === 'aggregate' && !isAggregation(value) ? typing.valueType(value) : type;
    typing.assignMap(target, kept, value);
  }
  if (target.kind === 'variable') typing.assignVariable(target.name, typing.valueType(value), value);
}

/** True for `count()`, and for a block whose value it is: the map counts itself then, and keeps no number. */
export function isAggregation(value: Expression): boolean {
  return value.kind === 'block'
    ? value.value !== undefined && isAggregation(value.value)
    : value.kind === 'call';
}

function typeFor(typing: Typing, { over, variable, body }: ForStatement): void {
  if (over.kind === 'map') {
    const { key = unknown, value } = typing.use(over);
    if (typing.isFinal && typing.maps.get(over.name)?.key === undefined)
      throw typing.refuse(over, `@${over.name} has no keys to go over`);
    const number =
      value.kind === 'aggregate' ? ({ kind: 'int', size: 8, signed: value.signed } as const) : value;
    typing.assignVariable(variable, { kind: 'tuple', items: [key, number] }, over);
  } else {
    const type = typing.joined(typing.valueType(over.first), typing.valueType(over.end), over.first);
    if (!isScalar(type))
      throw typing.refuse(over.first, `a range is of numbers, and this is ${typeText(type)}`);
    typing.assignVariable(
      variable,
      type.kind === 'int' ? { kind: 'int', size: 8, signed: type.signed } : uint64,
      over.first,
    );
  }
  typeStatements(typing, body);
}
