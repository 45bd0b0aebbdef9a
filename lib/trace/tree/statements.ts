/** Statements of the tree. */
import type { Span } from '../text/script.js';
import type { BlockExpression, Expression, MapExpression, TypeName } from './expressions.js';

/** What a block consists of. */
export type Statement =
  | ExpressionStatement
  | AssignStatement
  | LetStatement
  | IfStatement
  | WhileStatement
  | ForStatement
  | UnrollStatement
  | JumpStatement
  | BlockExpression;

export interface ExpressionStatement extends Span {
  readonly kind: 'expression';
  readonly expression: Expression;
}

/** `x = y`; of `x += y` the operator is `+`. The target `_` discards. */
export interface AssignStatement extends Span {
  readonly kind: 'assign';
  readonly target: Expression;
  readonly operator?: string;
  readonly value: Expression;
}

export interface LetStatement extends Span {
  readonly kind: 'let';
  readonly name: string;
  readonly type?: TypeName;
  readonly value?: Expression;
}

export interface IfStatement extends Span {
  readonly kind: 'if';
  readonly condition: Expression;
  readonly whenTrue: readonly Statement[];
  readonly whenFalse: readonly Statement[];
  /** What it is worth where a block ends with it, and both ways have a value. */
  readonly value?: Expression;
}

export interface WhileStatement extends Span {
  readonly kind: 'while';
  readonly condition: Expression;
  readonly body: readonly Statement[];
}

/** Up to `end`, which is not reached. */
export interface Range {
  readonly kind: 'range';
  readonly first: Expression;
  readonly end: Expression;
}

/** Over a map, or a range of numbers. */
export interface ForStatement extends Span {
  readonly kind: 'for';
  readonly variable: string;
  readonly over: MapExpression | Range;
  readonly body: readonly Statement[];
}

export interface UnrollStatement extends Span {
  readonly kind: 'unroll';
  readonly times: Expression;
  readonly body: readonly Statement[];
}

export interface JumpStatement extends Span {
  readonly kind: 'break' | 'continue' | 'return';
  readonly value?: Expression;
}
