/** The words of a declaration. */
import { TokenReader } from '../text/reader.js';
import type { Script, Span } from '../text/script.js';
import type { Token } from '../text/token.js';

/** Structs within each other. */
const deepest = 32;

export class Words extends TokenReader {
  constructor(script: Script, { start, end }: Span) {
    super(script, { start, end, name: 'declaration', deepest });
  }

  /** @throws BpfError where no name stands there */
  name(what: string): Token {
    return this.expectKind('name', what);
  }
}
