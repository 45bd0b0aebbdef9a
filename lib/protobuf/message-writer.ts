/** Protocol buffers, as far as profiles and metrics need them: numbers, texts, messages and packed lists. */

/** Wire types (https://protobuf.dev/programming-guides/encoding). */
const [varint, fixed64, lengthDelimited] = [0, 1, 2];

/** Writes the fields of a message one after the other. */
export class MessageWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** A number; 0 is what is not written. */
  number(field: number, value: number | bigint): this {
    if (value === 0 || value === 0n) return this;
    this.#varint(BigInt((field << 3) | varint));
    this.#varint(BigInt.asUintN(64, BigInt(value)));
    return this;
  }

  /** A number of type `double`, written whatever it is. */
  double(field: number, value: number): this {
    this.#varint(BigInt((field << 3) | fixed64));
    this.#makeRoom(8);
    new DataView(this.#bytes.buffer).setFloat64(this.#length, value, true);
    this.#length += 8;
    return this;
  }

  /** A number of type `sint32` or `sint64`, where one below 0 takes no more room than one above. */
  signed(field: number, value: number): this {
    return this.number(field, zigzag(value));
  }

  /** The same, packed. */
  signedNumbers(field: number, values: readonly number[]): this {
    return this.numbers(field, values.map(zigzag));
  }

  /** A message as streams of messages have them: behind its length, and of no field. */
  delimited(value: MessageWriter): this {
    return this.#put(value.finish());
  }

  /** Numbers of one field, packed. */
  numbers(field: number, values: readonly (number | bigint)[]): this {
    const packed = new MessageWriter();
    for (const value of values) packed.#varint(BigInt.asUintN(64, BigInt(value)));
    return this.bytes(field, packed.finish());
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: MessageWriter): this {
    return this.bytes(field, value.finish());
  }

  bytes(field: number, value: Uint8Array): this {
    this.#varint(BigInt((field << 3) | lengthDelimited));
    return this.#put(value);
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #put(value: Uint8Array): this {
    this.#varint(BigInt(value.length));
    this.#makeRoom(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  #varint(value: bigint): void {
    this.#makeRoom(10);
    let rest = value;
    for (; rest > 0x7fn; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
    this.#bytes[this.#length++] = Number(rest);
  }

  #makeRoom(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + size));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}
