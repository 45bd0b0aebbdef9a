/** The words of a declaration, one by one. */
import type { BpfError } from '../../errors/bpf-error.js';
import { Lexer } from '../text/lexer.js';
import type { Script, Span } from '../text/script.js';
import type { Token } from '../text/token.js';

/** Structs within each other: more than people write, and less than exhausts the stack. */
const deepest = 32;

export class Words {
  readonly #script: Script;
  readonly #lexer: Lexer;
  readonly #end: number;
  #token: Token;
  #depth = 0;

  constructor(script: Script, { start, end }: Span) {
    this.#script = script;
    this.#lexer = new Lexer(script);
    this.#lexer.at = start;
    this.#end = end;
    this.#token = this.#next();
  }

  /** The word that comes next; of the kind `end` behind the last. */
  get token(): Token {
    return this.#token;
  }

  take(): Token {
    const taken = this.#token;
    this.#token = this.#next();
    return taken;
  }

  is(text: string): boolean {
    return this.#token.text === text && (this.#token.kind === 'symbol' || this.#token.kind === 'name');
  }

  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.take();
    return true;
  }

  /** @throws BpfError where another word stands there */
  expect(text: string, where: string): void {
    if (!this.accept(text)) throw this.unexpected(`${text} ${where}`);
  }

  /** @throws BpfError where no name stands there */
  name(what: string): Token {
    if (this.#token.kind !== 'name') throw this.unexpected(what);
    return this.take();
  }

  unexpected(expected: string): BpfError {
    const { kind, text } = this.#token;
    const found = kind === 'end' ? 'the declaration ends' : `there is ${text}`;
    return this.refuse(this.#token, `expected ${expected}; ${found}`);
  }

  refuse(at: Span, reason: string, hint?: string): BpfError {
    return this.#script.error(at, reason, hint);
  }

  /** @throws BpfError where that goes too deep */
  nested<T>(parse: () => T): T {
    if (++this.#depth > deepest)
      throw this.refuse(this.#token, `more than ${deepest} levels within each other`);
    const found = parse();
    this.#depth--;
    return found;
  }

  #next(): Token {
    const end: Token = { kind: 'end', text: '', start: this.#end, end: this.#end };
    this.#lexer.skipSpace();
    if (this.#lexer.at >= this.#end) return end;
    return this.#lexer.next();
  }
}
