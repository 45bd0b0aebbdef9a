/** Texts by number: each text of a column is made once. */
import { type Find, finder, readText, TextCache } from '../codec/index.js';

/** Texts of one member: `values[indices[i]]` is that of record `i`. */
export interface TextColumn {
  readonly indices: Uint32Array<ArrayBuffer>;
  /** Each text once; what batches have in common stays at its place, and later ones come behind. */
  readonly values: readonly string[];
}

/** Texts that were seen, by number. A reader's dictionary is replaced when it has grown large. */
export class Dictionary {
  readonly values: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** The number of a text, by its bytes. */
  readonly find: Find<number>;

  /** @param length - of the array that holds a text, in bytes; absent for a flexible one */
  constructor(length: number | undefined) {
    const recent = new TextCache((view, offset, end) => this.#number(readText(view, offset, end)));
    this.find = finder(length, (view, offset, end) => recent.get(view, offset, end));
  }

  get full(): boolean {
    return this.values.length >= 65_536;
  }

  #number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.values.length);
    return this.values.push(text) - 1;
  }
}

/** A column of texts in the making. */
export class Texts implements TextColumn {
  readonly dictionary: Dictionary;
  readonly indices: Uint32Array<ArrayBuffer>;

  constructor(dictionary: Dictionary, count: number) {
    this.dictionary = dictionary;
    this.indices = new Uint32Array(count);
  }

  get values(): readonly string[] {
    return this.dictionary.values;
  }
}
