/** What a program tells the process to do: each has a number, which begins its records. */

import type { FormatPart } from './print/format-text.js';
import type { Span } from './text/script.js';
import type { Type } from './types/type.js';

/** A place where a value may find no room: in a map that is full, or in the ring, where nobody reads. */
export interface Loss {
  readonly span: Span;
  /** Undefined for the ring. */
  readonly map?: string;
}

export type Action = (
  | {
      readonly kind: 'printf' | 'errorf' | 'warnf' | 'cat' | 'system';
      readonly format: readonly FormatPart[];
    }
  | { readonly kind: 'print' }
  | { readonly kind: 'print-map'; readonly map: string; readonly top: number; readonly divisor: number }
  | { readonly kind: 'print-element'; readonly map: string }
  | { readonly kind: 'clear' | 'zero'; readonly map: string }
  | { readonly kind: 'time'; readonly format: string }
  | { readonly kind: 'join'; readonly separator: string }
  | { readonly kind: 'exit' }
) & {
  /** What follows the number in a record: as a tuple. */
  readonly values: readonly Type[];
  readonly span: Span;
};
