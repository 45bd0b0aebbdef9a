/** Where the parser is: one word ahead, with errors that say what was expected. */
import type { BpfError } from '../../errors/bpf-error.js';
import { meant } from '../../errors/nearest.js';
import { Lexer } from '../text/lexer.js';
import type { Script, Span } from '../text/script.js';
import type { Token, TokenKind } from '../text/token.js';
import type { BlockExpression, Expression } from '../tree/tree.js';

/** Blocks, parentheses and operators within each other: more than people write, and less than exhausts the stack. */
const deepest = 200;

/** What expressions and statements consist of, each of the other: files know it by their cursor alone. */
export interface Grammar {
  readonly expression: (cursor: Cursor) => Expression;
  readonly unary: (cursor: Cursor) => Expression;
  readonly block: (cursor: Cursor, isExpression?: boolean) => BlockExpression;
}

/** Reads a script's words one by one, and can go back. */
export class Cursor {
  readonly script: Script;
  readonly grammar: Grammar;
  readonly #lexer: Lexer;
  #depth = 0;
  #token: Token;
  /** The end of the last word that was taken. */
  #end = 0;

  constructor(script: Script, grammar: Grammar) {
    this.script = script;
    this.grammar = grammar;
    this.#lexer = new Lexer(script);
    this.#token = this.#lexer.next();
  }

  /** The word that comes next. */
  get token(): Token {
    return this.#token;
  }

  take(): Token {
    const taken = this.#token;
    this.#end = taken.end;
    this.#token = this.#lexer.next();
    return taken;
  }

  is(text: string): boolean {
    return this.#token.text === text && (this.#token.kind === 'symbol' || this.#token.kind === 'name');
  }

  /** Takes the word if it is this one. */
  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.take();
    return true;
  }

  /** Takes this word. @throws BpfError where another stands there */
  expect(text: string, after: string): Token {
    if (!this.is(text)) throw this.unexpected(`${text} ${after}`);
    return this.take();
  }

  /** Takes a word of that kind. @throws BpfError where another stands there */
  expectKind(kind: TokenKind, what: string): Token {
    if (this.#token.kind !== kind) throw this.unexpected(what);
    return this.take();
  }

  /** An error about the word that comes next. */
  unexpected(expected: string, known: readonly string[] = []): BpfError {
    const { kind, text } = this.#token;
    const found = kind === 'end' ? 'the script ends' : `there is ${shownToken(this.#token)}`;
    return this.script.error(this.#token, `expected ${expected}; ${found}`, meant(text, known));
  }

  /** From the start of something to the last word taken. */
  since(first: Span): Span {
    return { start: first.start, end: this.#end };
  }

  /** A place to go back to. */
  get mark(): number {
    return this.#token.start;
  }

  back(mark: number): void {
    this.#lexer.at = mark;
    this.#token = this.#lexer.next();
  }

  /** Takes the text that the pattern matches where the next word begins; undefined where it does not. */
  takeText(pattern: RegExp): (Span & { readonly text: string }) | undefined {
    const sticky = new RegExp(pattern.source, 'y');
    const start = this.mark;
    sticky.lastIndex = start;
    const text = sticky.exec(this.script.text)?.[0];
    if (text === undefined || text === '') return undefined;
    this.#end = start + text.length;
    this.back(this.#end);
    return { text, start, end: this.#end };
  }

  /** What follows the next word, without reading it: the end of a predicate is told by it. */
  followedBy(pattern: RegExp): boolean {
    return pattern.test(this.script.text.slice(this.#token.end, this.#token.end + 1_000));
  }

  /** Parses something that may hold its like. @throws BpfError where that goes too deep */
  nested<T>(parse: () => T): T {
    if (++this.#depth > deepest)
      throw this.script.error(this.#token, `more than ${deepest} levels within each other`);
    try {
      return parse();
    } finally {
      this.#depth--;
    }
  }
}

function shownToken({ kind, text }: Token): string {
  const prefix = { variable: '$', parameter: '$', map: '@' }[kind as string] ?? '';
  return kind === 'string' ? 'a string' : `${prefix}${text}`;
}
