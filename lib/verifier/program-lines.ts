/**
 * The source lines of a program as libbpf put it together: functions that it calls stand behind it
 * (bpf_object__append_subprog_code() in libbpf.c).
 */
import type { Btf } from '../btf/index.js';

/** A place in the C source. */
export interface SourceLine {
  /** As clang was told it. */
  readonly file: string;
  readonly line: number;
  /** The line itself, without its indentation. */
  readonly text: string;
}

/** `struct bpf_line_info`: four words. */
const recordSize = 16;

/** Lines by instruction. */
export class ProgramLines {
  readonly #words: DataView;
  readonly #btf: Btf;

  /**
   * @param records - `struct bpf_line_info`, in order, in this machine's byte order
   * @param btf - of the object, which has the names and texts
   */
  constructor(records: Uint8Array, btf: Btf) {
    this.#words = new DataView(records.buffer, records.byteOffset, records.byteLength);
    this.#btf = btf;
  }

  /** The line of an instruction: that of the last record before it. */
  at(instruction: number): SourceLine | undefined {
    let found = -1;
    for (let at = 0; at + recordSize <= this.#words.byteLength; at += recordSize) {
      if (this.#word(at) > instruction) break;
      found = at;
    }
    return found < 0 ? undefined : this.#line(found);
  }

  #line(at: number): SourceLine {
    const [file, text] = [this.#btf.text(this.#word(at + 4)), this.#btf.text(this.#word(at + 8))];
    return { file, line: this.#word(at + 12) >>> 10, text: text.trim() };
  }

  #word(at: number): number {
    return this.#words.getUint32(at, this.#btf.littleEndian);
  }
}
