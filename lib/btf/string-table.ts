/** A table of NUL-terminated strings, as ELF and BTF both have them. */

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Strings by byte offset. The table is decoded whole, once, at the first look-up; a string is a slice of it. */
export class StringTable {
  readonly #bytes: Uint8Array;
  #text: string | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Size of the table in bytes. */
  get size(): number {
    return this.#bytes.length;
  }

  /** The string at `offset`; undefined when it starts outside the table or does not end in it. */
  at(offset: number): string | undefined {
    if (offset >= this.#bytes.length) return undefined;
    this.#text ??= utf8.decode(this.#bytes);
    // Equal lengths mean that every byte became one character, so byte offsets are character offsets.
    return this.#text.length === this.#bytes.length ? this.#slice(this.#text, offset) : this.#decode(offset);
  }

  #slice(text: string, offset: number): string | undefined {
    const end = text.indexOf('\0', offset);
    return end < 0 ? undefined : text.slice(offset, end);
  }

  #decode(offset: number): string | undefined {
    const end = this.#bytes.indexOf(0, offset);
    return end < 0 ? undefined : utf8.decode(this.#bytes.subarray(offset, end));
  }
}
