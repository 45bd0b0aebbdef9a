/** What a script says, as a tree: plain data, each node with its place in the text. */
import type { Span } from '../text/script.js';
import type {
  BlockExpression,
  Expression,
  MapExpression,
  NameExpression,
  VariableExpression,
} from './expressions.js';
import type { Statement } from './statements.js';

export type * from './expressions.js';
export type * from './statements.js';

/** `tracepoint:sched:sched_switch`, split at its colons. */
export interface AttachPoint extends Span {
  readonly provider: string;
  readonly parts: readonly string[];
  /** As it is written. */
  readonly text: string;
}

export interface Probe extends Span {
  readonly points: readonly AttachPoint[];
  readonly predicate?: Expression;
  readonly body: readonly Statement[];
}

export interface Macro extends Span {
  readonly name: string;
  readonly parameters: readonly (NameExpression | VariableExpression | MapExpression)[];
  readonly body: BlockExpression;
}

/** `let @x = lruhash(100);`. */
export interface MapDeclaration extends Span {
  readonly name: string;
  readonly type: string;
  readonly maxEntries: bigint;
}

/** A name and what is set: `max_map_keys = 10`. */
export interface Setting extends Span {
  readonly name: string;
  readonly value: bigint | string | boolean;
}

/** C text at the head of a script: `#include`, `#define`, `struct …;`. */
export interface Declaration extends Span {
  readonly text: string;
}

/** A whole script. */
export interface Tree {
  readonly declarations: readonly Declaration[];
  readonly settings: readonly Setting[];
  readonly imports: readonly (Span & { readonly path: string })[];
  readonly maps: readonly MapDeclaration[];
  readonly macros: readonly Macro[];
  readonly probes: readonly Probe[];
}
