/** A program's function while it is written: where its words of the stack are, and where its jumps go. */
import type { CodeWriter } from './writer.js';

/** Where `break` and `continue` lead. */
export type Jumps = { readonly onBreak: string; readonly onContinue: string } | 'callback';

/** The deepest that temporary words may reach, in bytes, beside those of functions that call this one. */
const mostTemporaries = 20;

export class FunctionWriter {
  readonly code: CodeWriter;
  /** Words that lie below the program's own: none in a callback, whose stack is its own. */
  readonly #below: number;
  readonly isCallback: boolean;
  readonly jumps: Jumps[] = [];
  #temporaries = 0;
  mostTemporaries = 0;

  constructor(code: CodeWriter, isCallback: boolean, below: number) {
    this.code = code;
    this.isCallback = isCallback;
    this.#below = below;
  }

  /** A word for a value that is needed again; returned by `release()`. */
  temporary(): number {
    const at = this.#temporaries++;
    this.mostTemporaries = Math.max(this.mostTemporaries, this.#temporaries);
    return -8 * (this.#below + at + 1);
  }

  release(): void {
    this.#temporaries--;
  }

  get isTooDeep(): boolean {
    return this.mostTemporaries > mostTemporaries;
  }
}

/** Where a word of the program's is, from r9. */
export function slotOffset(slot: number): number {
  return -8 * (slot + 1);
}
