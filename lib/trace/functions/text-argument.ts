/** Arguments that are text: strings, and what points to characters. */
import type { Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import type { CallExpression, Expression } from '../tree/tree.js';
import { typeText } from '../types/join.js';
import { storageSize } from '../types/type.js';

/** Text in the program's memory. */
export interface Text {
  readonly address: Value;
  /** Bytes that may be read. */
  readonly size: number;
}

/** @throws BpfError where it is neither */
export function textOf(lowering: Lowering, given: Expression): Text {
  const type = lowering.type(given);
  if (type.kind === 'string')
    return { address: lowering.pin(lowering.lower(given)), size: Math.max(1, storageSize(type)) };
  const of = type.kind === 'pointer' ? type.to : type.kind === 'array' ? type.of : type;
  if ((type.kind !== 'pointer' && type.kind !== 'array') || of.kind !== 'int' || of.size !== 1)
    throw lowering.refuse(given, `this is ${typeText(type)} and no string`, 'use str()');
  const { start, end } = given;
  const call: CallExpression = { kind: 'call', name: 'str', arguments: [given], start, end };
  return textOf(lowering, call);
}
