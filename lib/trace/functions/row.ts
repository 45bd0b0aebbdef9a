/** A function or builtin of the language: what its value is, and what becomes of it. Each is a row of a table. */
import type { Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import type { CallExpression } from '../tree/tree.js';
import type { Type } from '../types/type.js';
import type { Typing } from '../types/typing.js';

export interface FunctionRow {
  readonly name: string;
  /** How many arguments: from, to. */
  readonly takes: readonly [least: number, most: number];
  readonly type: Type | ((call: CallExpression, typing: Typing) => Type);
  /** A number, or the address of memory; where it has no value, anything. */
  readonly lower: (call: CallExpression, lowering: Lowering) => Value;
  /** It changes the machine: `--unsafe` allows it. */
  readonly isUnsafe?: true;
}
