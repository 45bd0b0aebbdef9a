/** Numbers that have a text: looked up in maps that hold all of them, so that what comes out is a string like others. */
import { binary, compare, constant, type Step, type Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import { lookUp } from '../lower/maps.js';
import { type TextTable, tables, textBytes } from '../tables.js';
import type { CallExpression } from '../tree/tree.js';
import { typeText } from '../types/join.js';
import { isScalar, type Type } from '../types/type.js';
import type { Typing } from '../types/typing.js';
import type { FunctionRow } from './row.js';
import { argumentAt } from './time.js';

export const textTables: readonly FunctionRow[] = [
  row('strerror', 'errors'),
  row('signal_name', 'signals'),
  row('syscall_name', 'syscalls'),
];

function row(name: string, table: TextTable): FunctionRow {
  return { name, takes: [1, 1], type: textType, lower: (call, lowering) => lowerText(call, lowering, table) };
}

function textType(call: CallExpression, typing: Typing): Type {
  const type = typing.valueType(argumentAt(call, 0));
  if (isScalar(type)) return { kind: 'string', size: textBytes };
  throw typing.refuse(call, `${call.name} takes a number, and this is ${typeText(type)}`);
}

function lowerText(call: CallExpression, lowering: Lowering, table: TextTable): Value {
  const slot = lowering.slot();
  const number: Value = { op: 'local', slot };
  const given = lowering.lower(argumentAt(call, 0));
  lowering.push({ op: 'set', slot, value: { op: 'extend', size: 4, signed: true, of: given } });
  // Kernels answer errors as negative numbers.
  if (table === 'errors') setIf(lowering, slot, compare('s<', number, 0), binary('-', constant(0), number));
  setIf(lowering, slot, compare('>=', number, tables[table]), constant(tables[table] - 1));
  const found = lookUp(lowering, lowering.table(table), { op: 'stack', slot });
  const to = lowering.frame(textBytes);
  lowering.push({ op: 'zero', to, size: textBytes });
  const copy: Step[] = [{ op: 'copy', to, from: found, size: textBytes }];
  lowering.push({ op: 'if', condition: compare('!=', found, 0), whenTrue: copy, whenFalse: [] });
  return to;
}

function setIf(lowering: Lowering, slot: number, condition: Value, value: Value): void {
  lowering.push({ op: 'if', condition, whenTrue: [{ op: 'set', slot, value }], whenFalse: [] });
}
