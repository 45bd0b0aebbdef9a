/** Raw BTF put together: records in the order they are given, each name once. */

const headerSize = 24;
const magic = 0xeb9f;
/** What a member's third word says with the kind flag: a width above the offset. */
const kindFlag = 0x80000000;

/** One record: its name, info without the length, third word, and the words behind. */
export interface BtfRecord {
  readonly name: string;
  /** Number of the kind. */
  readonly kind: number;
  readonly flag?: boolean;
  /** Number of entries, or what a kind without entries has there. */
  readonly length?: number;
  /** Size or type. */
  readonly third: number;
  /** A string stands for its offset among the names. */
  readonly body?: readonly (number | string)[];
}

/** Collects records; the first has id 1, or what follows the base's last. */
export class BtfWriter {
  readonly #littleEndian: boolean;
  readonly #words: number[] = [];
  readonly #names = new Map<string, number>([['', 0]]);
  readonly #texts: Uint8Array[] = [];
  /** Where the strings of the base end, which these continue. */
  readonly #start: number;
  #end: number;

  constructor(littleEndian: boolean, start = 0) {
    this.#littleEndian = littleEndian;
    this.#start = start;
    this.#end = start;
    if (start > 0) return;
    this.#texts.push(new Uint8Array(1)); // the name of what has none, which the base has otherwise
    this.#end = 1;
  }

  add({ name, kind, flag = false, length = 0, third, body = [] }: BtfRecord): void {
    const info = ((flag ? kindFlag : 0) | (kind << 24) | length) >>> 0;
    const words = body.map(word => (typeof word === 'string' ? this.text(word) : word));
    this.#words.push(this.text(name), info, third, ...words);
  }

  /** The whole: header, types, names. */
  bytes(): Uint8Array {
    const types = this.#words.length * 4;
    const strings = this.#end - this.#start;
    const bytes = new Uint8Array(headerSize + types + strings);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, magic, this.#littleEndian);
    view.setUint8(2, 1);
    const header = [headerSize, 0, types, types, strings];
    [...header, ...this.#words].forEach((word, i) => {
      view.setUint32(4 + i * 4, word, this.#littleEndian);
    });
    let at = headerSize + types;
    for (const text of this.#texts) {
      bytes.set(text, at);
      at += text.length;
    }
    return bytes;
  }

  /** Where a string is among the names, of which each is there once: `.BTF.ext` refers to them too. */
  text(name: string): number {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const offset = this.#end;
    const text = new TextEncoder().encode(`${name}\0`);
    this.#names.set(name, offset);
    this.#texts.push(text);
    this.#end += text.length;
    return offset;
  }
}
