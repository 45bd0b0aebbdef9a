/** What a probe needs: how its program is loaded and attached, and where its arguments are. */
import type { Space, Type } from '../types/type.js';
import type { UsdtPlace } from './usdt-operand.js';

/** A name of `args`, or an argument by number, and where the program finds it in its context. */
export interface Argument {
  readonly name: string;
  readonly type: Type;
  readonly offset: number;
  readonly size: number;
  /** A string whose place is told by this word: `__data_loc` (include/trace/stages). */
  readonly isDataLocation?: true;
}

/** When the program runs. */
export type Trigger =
  | { readonly kind: 'begin' | 'end' }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'tracepoint'; readonly category: string; readonly name: string }
  | { readonly kind: 'rawtracepoint'; readonly name: string }
  | { readonly kind: 'interval' | 'profile'; readonly period?: bigint; readonly frequency?: number }
  | { readonly kind: 'event'; readonly event: string; readonly period: bigint }
  | {
      readonly kind: 'function';
      readonly function: string;
      readonly offset: number;
      readonly isReturn: boolean;
    }
  | {
      readonly kind: 'user-function';
      readonly binary: string;
      readonly function: string;
      readonly offset: number;
      readonly isReturn: boolean;
    }
  | { readonly kind: 'fentry' | 'fexit'; readonly function: string }
  | { readonly kind: 'iter'; readonly target: string }
  | {
      readonly kind: 'usdt';
      readonly binary: string;
      /** In the file: of the place, and of the word that counts who traces it, if there is one. */
      readonly places: readonly { readonly offset: bigint; readonly semaphore: bigint }[];
    }
  | {
      readonly kind: 'watchpoint';
      readonly address: bigint;
      readonly length: 1 | 2 | 4 | 8;
      readonly access: 'read' | 'write' | 'readwrite' | 'execute';
    };

/** An attach point that is written as it should be, and names nothing that is there. */
export interface Missing {
  readonly missing: string;
  readonly hint?: string | undefined;
  /** A pattern may match nothing where other points of its probe are there. */
  readonly isPattern?: true;
}

export type Plans = readonly ProbePlan[] | Missing;

export function isMissing(plans: Plans): plans is Missing {
  return 'missing' in plans;
}

export interface ProbePlan {
  /** The provider's whole name, as `probetype` gives it. */
  readonly provider: string;
  /** As `probe` gives it. */
  readonly name: string;
  /** The section of its program. */
  readonly section: string;
  readonly trigger: Trigger;
  /** Members of `args`, or of `ctx` for iterators. */
  readonly arguments?: readonly Argument[];
  /** Places of `arg0` and its followers, and of `retval`, in the context. */
  readonly registers?: { readonly arguments: readonly number[]; readonly result?: number };
  /** Of a USDT probe: where `arg0` and its followers are; undefined for what is not understood. */
  readonly values?: readonly (UsdtPlace | undefined)[];
  /** What `retval` is, where it is known. */
  readonly result?: Argument;
  /** Whose memory its pointers point to, where nothing else says so. */
  readonly space: Space;
}
