/** What is printed, and what else the process does. */

import type { Action } from '../actions.js';
import { constant, type Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import { controlMap, ringMap } from '../lower/map-names.js';
import { lowerKey, useOf } from '../lower/maps.js';
import { store } from '../lower/store.js';
import { parseFormat } from '../print/format-text.js';
import type { CallExpression, Expression } from '../tree/tree.js';
import { none, padded, storageSize, type Type } from '../types/type.js';
import type { Typing } from '../types/typing.js';
import { join } from './join.js';
import type { FunctionRow } from './row.js';
import { argumentAt } from './time.js';

const many = Number.POSITIVE_INFINITY;

export const output: readonly FunctionRow[] = [
  ...(['printf', 'errorf', 'warnf', 'cat'] as const).map(formatted),
  { ...formatted('system'), isUnsafe: true },
  { name: 'print', takes: [1, 3], type: printType, lower: lowerPrint },
  { name: 'time', takes: [0, 1], type: timeType, lower: lowerTime },
  join,
  { name: 'exit', takes: [0, 1], type: exitType, lower: lowerExit },
];

type Formatted = 'printf' | 'errorf' | 'warnf' | 'cat' | 'system';

function formatted(name: Formatted): FunctionRow {
  return {
    name,
    takes: [1, many],
    type: formatType,
    lower: (call, lowering) => lowerFormatted(name, call, lowering),
  };
}

function formatType(call: CallExpression, typing: Typing): Type {
  const parts = partsOf(call, typing);
  const wanted = parts.filter(part => typeof part !== 'string').length;
  const given = call.arguments.length - 1;
  for (const each of call.arguments.slice(1)) typing.valueType(each);
  if (wanted !== given)
    throw typing.refuse(call, `the format takes ${wanted} values, and ${given} are given`);
  return none;
}

function partsOf(call: CallExpression, typing: Typing) {
  const parts = parseFormat(typing.text(call.arguments[0], call, 'the format'));
  if (typeof parts === 'string') throw typing.refuse(argumentAt(call, 0), parts);
  return parts;
}

function lowerFormatted(kind: Formatted, call: CallExpression, lowering: Lowering): Value {
  const format = partsOf(call, lowering.typing);
  sendValues(lowering, call.arguments.slice(1), values => ({ kind, format, values, span: call }));
  return constant(0);
}

/** The number of the action, and the values behind it. */
function sendValues(
  lowering: Lowering,
  list: readonly Expression[],
  actionOf: (values: Type[]) => Action,
  map = ringMap,
  isCounted = true,
): void {
  const types = list.map(each => lowering.typing.valueType(each));
  const size = types.reduce((sum, type) => sum + storageSize(type), 8);
  const record = lowering.frame(size);
  let at = 8;
  for (const [index, each] of list.entries()) {
    const type = types[index] ?? none;
    if (record.op === 'frame') storeValue(lowering, each, type, { op: 'frame', offset: record.offset + at });
    at += storageSize(type);
  }
  lowering.emit(actionOf(types), record, size, map, isCounted);
}

function storeValue(lowering: Lowering, given: Expression, type: Type, to: Value): void {
  lowering.scoped(() => store(lowering, to, lowering.lower(given), type, type));
}

function printType(call: CallExpression, typing: Typing): Type {
  const given = argumentAt(call, 0);
  if (given.kind === 'map' && given.key === undefined) typing.use(given);
  else if (typing.valueType(given).kind === 'none') throw typing.refuse(given, 'this has no value to print');
  for (const each of call.arguments.slice(1)) typing.number(each, each, 'a limit of print');
  return none;
}

function lowerPrint(call: CallExpression, lowering: Lowering): Value {
  const given = argumentAt(call, 0);
  if (given.kind === 'map' && isWhole(given, lowering)) {
    const [top = 0n, divisor = 0n] = call.arguments
      .slice(1)
      .map(each => lowering.typing.literal(each) as bigint);
    const action = {
      kind: 'print-map',
      map: given.name,
      top: Number(top),
      divisor: Number(divisor),
      values: [],
      span: call,
    } as const;
    lowering.emit(action, lowering.frame(8), 8);
    return constant(0);
  }
  if (given.kind === 'map' && given.key && isDistribution(lowering.type(given)))
    return printElement(call, given, lowering);
  sendValues(lowering, [given], values => ({ kind: 'print', values, span: call }));
  return constant(0);
}

function isWhole(given: Expression & { kind: 'map' }, lowering: Lowering): boolean {
  return given.key === undefined && (useOf(lowering, given).key !== undefined || given.key === undefined);
}

function isDistribution(type: Type): boolean {
  return type.kind === 'aggregate' && ['hist', 'lhist', 'stats', 'avg'].includes(type.name);
}

/** A histogram is read by the process: the record has the key. */
function printElement(call: CallExpression, given: Expression & { kind: 'map' }, lowering: Lowering): Value {
  const { key: type = none } = useOf(lowering, given);
  const size = padded(storageSize(type));
  const record = lowering.frame(8 + size);
  const key = lowerKey(lowering, given);
  if (record.op === 'frame')
    lowering.push({ op: 'copy', to: { op: 'frame', offset: record.offset + 8 }, from: key, size });
  lowering.emit({ kind: 'print-element', map: given.name, values: [type], span: call }, record, 8 + size);
  return constant(0);
}

const defaultTime = '%H:%M:%S\n';

function timeType(call: CallExpression, typing: Typing): Type {
  if (call.arguments.length > 0) typing.text(call.arguments[0], call, 'the format');
  return none;
}

function lowerTime(call: CallExpression, lowering: Lowering): Value {
  const format =
    call.arguments.length > 0 ? lowering.typing.text(call.arguments[0], call, 'the format') : defaultTime;
  lowering.emit({ kind: 'time', format, values: [], span: call }, lowering.frame(8), 8);
  return constant(0);
}

function exitType(call: CallExpression, typing: Typing): Type {
  for (const each of call.arguments) typing.valueType(each);
  return none;
}

/** Nothing behind it runs. */
function lowerExit(call: CallExpression, lowering: Lowering): Value {
  const code = [argumentAt(call, 0)];
  const action = (values: Type[]): Action => ({ kind: 'exit', values, span: call });
  // Among what it says, so that nothing is said behind it; and apart, where nothing can keep it out.
  sendValues(lowering, code, action, ringMap, false);
  sendValues(lowering, code, action, controlMap, false);
  lowering.push({ op: 'leave', value: constant(0) });
  return constant(0);
}
