/** Where the parser is in a script. */
import { TokenReader } from '../text/reader.js';
import type { Script, Span } from '../text/script.js';
import type { BlockExpression, Expression } from '../tree/tree.js';

/** Blocks, parentheses and operators within each other. */
const deepest = 200;

/** What expressions and statements consist of, each of the other: files know it by their cursor alone. */
export interface Grammar {
  readonly expression: (cursor: Cursor) => Expression;
  readonly unary: (cursor: Cursor) => Expression;
  readonly block: (cursor: Cursor, isExpression?: boolean) => BlockExpression;
}

/** Reads a script's words, can go back, and takes text that has rules of its own. */
export class Cursor extends TokenReader {
  readonly grammar: Grammar;

  constructor(script: Script, grammar: Grammar) {
    super(script, { start: 0, end: script.text.length, name: 'script', deepest });
    this.grammar = grammar;
  }

  /** A place to go back to. */
  get mark(): number {
    return this.token.start;
  }

  /** Takes the text that the pattern matches where the next word begins; undefined where it does not. */
  takeText(pattern: RegExp): (Span & { readonly text: string }) | undefined {
    const sticky = new RegExp(pattern.source, 'y');
    const start = this.mark;
    sticky.lastIndex = start;
    const text = sticky.exec(this.script.text)?.[0];
    if (text === undefined || text === '') return undefined;
    this.skipTo(start + text.length);
    return { text, start, end: start + text.length };
  }

  /** What follows the next word, without reading it: the end of a predicate is told by it. */
  followedBy(pattern: RegExp): boolean {
    return pattern.test(this.script.text.slice(this.token.end, this.token.end + 1_000));
  }
}
