/** A script's text to words. Attach points are read as text (`wordUntil`), for they have rules of their own. */
import { literalNumber } from './number.js';
import type { Script } from './script.js';
import { stringLiteral } from './string.js';
import { symbols, type Token, type TokenKind } from './token.js';

const space = /(?:[ \t\r\n\v\f]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|\\\n)+/y;
const word = /[A-Za-z_][A-Za-z0-9_]*/y;
const variable = /\$(?:[A-Za-z_][A-Za-z0-9_]*)/y;
const parameter = /\$(?:\d+|#)/y;
const map = /@(?:[A-Za-z_][A-Za-z0-9_]*)?/y;
const number = /\d[A-Za-z0-9_]*/y;

/** Reads words from a place that moves on. */
export class Lexer {
  readonly script: Script;
  at = 0;

  constructor(script: Script) {
    this.script = script;
  }

  /** The next word. @throws BpfError where none begins here, or one does not end */
  next(): Token {
    this.skipSpace();
    const { text } = this.script;
    if (this.at >= text.length) return { kind: 'end', text: '', start: this.at, end: this.at };
    if (text[this.at] === '"') return this.#string();
    return (
      this.#match('variable', variable, 1) ??
      this.#match('parameter', parameter, 1) ??
      this.#match('map', map, 1) ??
      this.#match('name', word) ??
      this.#number() ??
      this.#symbol()
    );
  }

  /** Moves over spaces and comments. @throws BpfError where a comment has no end */
  skipSpace(): void {
    const { text } = this.script;
    space.lastIndex = this.at;
    if (space.test(text)) this.at = space.lastIndex;
    if (text.startsWith('/*', this.at))
      throw this.script.error(
        { start: this.at, end: this.at + 2 },
        'a comment has no end',
        'write */ behind it',
      );
  }

  #match(kind: TokenKind, pattern: RegExp, skip = 0): Token | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.script.text)?.[0];
    return found === undefined ? undefined : this.#token(kind, found.length, found.slice(skip));
  }

  #number(): Token | undefined {
    number.lastIndex = this.at;
    const found = number.exec(this.script.text)?.[0];
    if (found === undefined) return undefined;
    const value = literalNumber(found);
    const token = this.#token('integer', found.length, found);
    if (typeof value === 'bigint') return { ...token, value };
    throw this.script.error(token, value);
  }

  #string(): Token {
    const found = stringLiteral(this.script.text, this.at);
    if ('fault' in found) throw this.script.error({ start: this.at, end: found.end }, found.fault);
    return this.#token('string', found.end - this.at, found.value);
  }

  #symbol(): Token {
    const found = symbols.find(each => this.script.text.startsWith(each, this.at));
    if (found !== undefined) return this.#token('symbol', found.length, found);
    const letter = String.fromCodePoint(this.script.text.codePointAt(this.at) ?? 0);
    throw this.script.error(
      { start: this.at, end: this.at + 1 },
      `no word begins with ${JSON.stringify(letter)}`,
    );
  }

  #token(kind: TokenKind, length: number, text: string): Token {
    const start = this.at;
    this.at += length;
    return { kind, text, start, end: this.at };
  }
}
