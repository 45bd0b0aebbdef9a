/**
 * The form between the language and instructions: values of 64 bits, which change nothing, and steps, which do. What a
 * string or a tuple is, is known before; here are memory and addresses only.
 */
import type { Span } from '../text/script.js';

export type Arithmetic = '+' | '-' | '*' | '/' | '%' | 's/' | 's%' | '&' | '|' | '^' | '<<' | '>>' | 's>>';
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 's<' | 's<=' | 's>' | 's>=';
export type Size = 1 | 2 | 4 | 8;

export type Value =
  | { readonly op: 'constant'; readonly value: bigint }
  /** A word of the stack, by number. */
  | { readonly op: 'local'; readonly slot: number }
  /** Its address, for helpers that write there. */
  | { readonly op: 'stack'; readonly slot: number }
  /** An address in the program's own memory of this CPU. */
  | { readonly op: 'frame'; readonly offset: number }
  | { readonly op: 'context' }
  | { readonly op: 'map'; readonly name: string }
  /** What a callback was called with: 1 to 4. */
  | { readonly op: 'parameter'; readonly number: number }
  /** Memory that may be read as it is. */
  | {
      readonly op: 'load';
      readonly from: Value;
      readonly offset: number;
      readonly size: Size;
      readonly signed?: boolean;
    }
  | { readonly op: 'binary'; readonly operator: Arithmetic; readonly left: Value; readonly right: Value }
  | { readonly op: 'compare'; readonly operator: Comparison; readonly left: Value; readonly right: Value }
  /** The low bytes, with or without sign. */
  | { readonly op: 'extend'; readonly size: Size; readonly signed: boolean; readonly of: Value }
  /** A helper of the kernel, without `bpf_`. It may change memory, so its value goes to a local at once. */
  | { readonly op: 'helper'; readonly name: string; readonly arguments: readonly Value[] };

export type Step =
  | { readonly op: 'set'; readonly slot: number; readonly value: Value }
  | {
      readonly op: 'store';
      readonly to: Value;
      readonly offset: number;
      readonly size: Size;
      readonly value: Value;
    }
  /** Adds to a word of memory that other CPUs write too. */
  | { readonly op: 'add'; readonly to: Value; readonly offset: number; readonly value: Value }
  /** Adds to one of so many words; nothing where the index is none of theirs. */
  | {
      readonly op: 'add-element';
      readonly to: Value;
      readonly index: Value;
      readonly count: number;
      readonly value: Value;
    }
  | { readonly op: 'do'; readonly value: Value }
  | { readonly op: 'copy'; readonly to: Value; readonly from: Value; readonly size: number }
  | { readonly op: 'zero'; readonly to: Value; readonly size: number }
  | {
      readonly op: 'if';
      readonly condition: Value;
      readonly whenTrue: readonly Step[];
      readonly whenFalse: readonly Step[];
    }
  /** Until a `break`; `next` runs between two rounds, also behind `continue`. */
  | { readonly op: 'loop'; readonly body: readonly Step[]; readonly next: readonly Step[] }
  /** Calls the body so often (bpf_loop), or for each element of a map (bpf_for_each_map_elem). */
  | {
      readonly op: 'call-each';
      readonly over: { readonly times: Value } | { readonly map: string };
      readonly body: readonly Step[];
    }
  | { readonly op: 'break' | 'continue' }
  /** Ends the program, from callbacks too. */
  | { readonly op: 'leave'; readonly value: Value }
  /** What follows is of that place in the script. */
  | { readonly op: 'at'; readonly span: Span };

/** A program. */
export interface Form {
  readonly name: string;
  /** The probe in the script. */
  readonly span: Span;
  readonly steps: readonly Step[];
  /** Words of the stack that it uses. */
  readonly slots: number;
  /** Bytes of memory for each CPU. */
  readonly frameSize: number;
  /** The map that has them. */
  readonly frameMap: string;
}

/** Words of the stack that have a meaning of their own. */
export const reserved = { frame: 0, context: 1, leaving: 2, result: 3 } as const;
export const firstSlot = 4;

export function constant(value: bigint | number): Value {
  return { op: 'constant', value: BigInt.asIntN(64, BigInt(value)) };
}

export const zero = constant(0);

export function load(from: Value, offset = 0, size: Size = 8, signed = false): Value {
  return { op: 'load', from, offset, size, ...(signed && { signed }) };
}

export function binary(operator: Arithmetic, left: Value, right: Value | number): Value {
  return { op: 'binary', operator, left, right: typeof right === 'number' ? constant(right) : right };
}

export function compare(operator: Comparison, left: Value, right: Value | number): Value {
  return { op: 'compare', operator, left, right: typeof right === 'number' ? constant(right) : right };
}

export function helper(name: string, ...list: readonly (Value | number)[]): Value {
  return {
    op: 'helper',
    name,
    arguments: list.map(each => (typeof each === 'number' ? constant(each) : each)),
  };
}

/** An address so many bytes on. */
export function offsetBy(value: Value, offset: number): Value {
  if (offset === 0) return value;
  return value.op === 'frame' ? { op: 'frame', offset: value.offset + offset } : binary('+', value, offset);
}
