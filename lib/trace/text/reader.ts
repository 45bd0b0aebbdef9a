/** Words one by one, one ahead, with errors that say what was expected: of a script, and of a declaration in it. */
import type { BpfError } from '../../errors/bpf-error.js';
import { meant } from '../../errors/nearest.js';
import { Lexer } from './lexer.js';
import type { Script, Span } from './script.js';
import type { Token, TokenKind } from './token.js';

/** What is read, and from where to where. */
export interface Extent extends Span {
  /** As errors call it. */
  readonly name: 'script' | 'declaration';
  /** Levels within each other: more than people write, and less than exhausts the stack. */
  readonly deepest: number;
}

export class TokenReader {
  readonly script: Script;
  readonly #extent: Extent;
  readonly #lexer: Lexer;
  #depth = 0;
  #token: Token;
  /** The end of the last word that was taken. */
  #end = 0;

  constructor(script: Script, extent: Extent) {
    this.script = script;
    this.#extent = extent;
    this.#lexer = new Lexer(script);
    this.#lexer.at = extent.start;
    this.#token = this.#next();
  }

  /** The word that comes next; of the kind `end` behind the last. */
  get token(): Token {
    return this.#token;
  }

  take(): Token {
    const taken = this.#token;
    this.#end = taken.end;
    this.#token = this.#next();
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
  expect(text: string, where: string): Token {
    if (!this.is(text)) throw this.unexpected(`${text} ${where}`);
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
    const found = kind === 'end' ? `the ${this.#extent.name} ends` : `there is ${shownToken(this.#token)}`;
    return this.refuse(this.#token, `expected ${expected}; ${found}`, meant(text, known));
  }

  refuse(at: Span, reason: string, hint?: string): BpfError {
    return this.script.error(at, reason, hint);
  }

  /** From the start of something to the last word taken. */
  since({ start }: Span): Span {
    return { start, end: this.#end };
  }

  /** Goes to a place, where the next word is read. */
  back(mark: number): void {
    this.#lexer.at = mark;
    this.#token = this.#next();
  }

  /** Goes on behind something that was taken as text. */
  protected skipTo(end: number): void {
    this.#end = end;
    this.back(end);
  }

  /** Parses something that may hold its like. @throws BpfError where that goes too deep */
  nested<T>(parse: () => T): T {
    const { deepest } = this.#extent;
    if (++this.#depth > deepest)
      throw this.refuse(this.#token, `more than ${deepest} levels within each other`);
    try {
      return parse();
    } finally {
      this.#depth--;
    }
  }

  #next(): Token {
    const { end } = this.#extent;
    this.#lexer.skipSpace();
    if (this.#lexer.at >= end) return { kind: 'end', text: '', start: end, end };
    return this.#lexer.next();
  }
}

function shownToken({ kind, text }: Token): string {
  const prefix = { variable: '$', parameter: '$', map: '@' }[kind as string] ?? '';
  return kind === 'string' ? 'a string' : `${prefix}${text}`;
}
