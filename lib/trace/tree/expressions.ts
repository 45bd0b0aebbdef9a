/** Expressions of the tree. */
import type { Span } from '../text/script.js';
import type { Statement } from './statements.js';

/** An expression. */
export type Expression =
  | Literal
  | NameExpression
  | VariableExpression
  | MapExpression
  | ParameterExpression
  | UnaryExpression
  | StepExpression
  | BinaryExpression
  | TernaryExpression
  | FieldExpression
  | IndexExpression
  | CastExpression
  | CallExpression
  | TypeExpression
  | TupleExpression
  | RecordExpression
  | BlockExpression;

/** `5`, `"text"`, `true`. */
export interface Literal extends Span {
  readonly kind: 'literal';
  readonly value: bigint | string | boolean;
}

/** `pid`, a constant, or a macro without arguments. */
export interface NameExpression extends Span {
  readonly kind: 'name';
  readonly name: string;
}

/** `$x`. */
export interface VariableExpression extends Span {
  readonly kind: 'variable';
  readonly name: string;
}

/** `@x` or `@x[key]`; several keys are a tuple. */
export interface MapExpression extends Span {
  readonly kind: 'map';
  readonly name: string;
  readonly key?: Expression;
}

/** `$1`; number 0 is `$#`. */
export interface ParameterExpression extends Span {
  readonly kind: 'parameter';
  readonly number: number;
}

export interface UnaryExpression extends Span {
  readonly kind: 'unary';
  readonly operator: '-' | '!' | '~' | '*' | '&';
  readonly operand: Expression;
}

/** `x++` and its like. */
export interface StepExpression extends Span {
  readonly kind: 'step';
  readonly operator: '++' | '--';
  readonly isPrefix: boolean;
  readonly operand: Expression;
}

export interface BinaryExpression extends Span {
  readonly kind: 'binary';
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
}

export interface TernaryExpression extends Span {
  readonly kind: 'ternary';
  readonly condition: Expression;
  readonly whenTrue: Expression;
  readonly whenFalse: Expression;
}

/** `a.b`, `a->b`, and `tuple.0`. */
export interface FieldExpression extends Span {
  readonly kind: 'field';
  readonly of: Expression;
  readonly name: string;
}

export interface IndexExpression extends Span {
  readonly kind: 'index';
  readonly of: Expression;
  readonly index: Expression;
}

/** `(uint8)x`. */
export interface CastExpression extends Span {
  readonly kind: 'cast';
  readonly type: TypeName;
  readonly operand: Expression;
}

export interface CallExpression extends Span {
  readonly kind: 'call';
  readonly name: string;
  readonly arguments: readonly Expression[];
}

/** A type where a value may stand: the argument of `sizeof`, `offsetof`, `typeof` and of macros. */
export interface TypeExpression extends Span {
  readonly kind: 'type';
  readonly type: TypeName;
}

/** `(1, "a")`. */
export interface TupleExpression extends Span {
  readonly kind: 'tuple';
  readonly items: readonly Expression[];
}

/** `(color="green", size=2)`. */
export interface RecordExpression extends Span {
  readonly kind: 'record';
  readonly fields: readonly { readonly name: string; readonly value: Expression }[];
}

/** `{ statements; value }`. */
export interface BlockExpression extends Span {
  readonly kind: 'block';
  readonly body: readonly Statement[];
  readonly value?: Expression;
}

/** A type as it is written: `struct file*[4]`; of `typeof(x)` the expression. */
export interface TypeName extends Span {
  readonly name: string;
  readonly of?: Expression;
  /** Read from left to right: a pointer to it, an array of so many; `null` where the size is left out. */
  readonly suffixes: readonly ('*' | number | null)[];
}
