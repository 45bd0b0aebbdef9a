/** The words of the language. */
import type { Span } from './script.js';

/** What a word is. */
export type TokenKind =
  /** `pid`, `if`: keywords are names that the parser knows. */
  | 'name'
  /** `$x`. */
  | 'variable'
  /** `$1`, and `$#` with the value `#`. */
  | 'parameter'
  /** `@x`; `@` alone has no name. */
  | 'map'
  | 'integer'
  | 'string'
  /** `+`, `&&`, `{`. */
  | 'symbol'
  | 'end';

/** A word and where it is. */
export interface Token extends Span {
  readonly kind: TokenKind;
  /** The name, the symbol, or the text of a string with its escapes resolved. */
  readonly text: string;
  /** Of an integer. */
  readonly value?: bigint;
}

/** The longest first, for that is how they are read. */
export const symbols: readonly string[] = [
  ...['<<=', '>>=', '...'],
  ...['&&', '||', '==', '!=', '<=', '>=', '<<', '>>', '++', '--', '+=', '-=', '*=', '/=', '%=', '&=', '|='],
  ...['^=', '->', '..', '+', '-', '*', '/', '%', '&', '|', '^', '~', '!', '<', '>', '=', '?', ':', ';', ','],
  ...['.', '(', ')', '[', ']', '{', '}', '#'],
];
