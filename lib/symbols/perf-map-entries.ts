/** The lines of a perf map as columns: where code begins and ends, and where in the file its name is. */
import { AddressRanges } from './address-ranges.js';

const newline = 10;
const blank = 32;

/** The numbers of all entries, in the order of the file. */
export class PerfMapEntries {
  count = 0;
  #starts = new Float64Array(1024);
  #ends = new Float64Array(1024);
  #names = new Float64Array(1024);

  get size(): number {
    return 3 * this.#starts.byteLength;
  }

  startAt(index: number): number {
    return this.#starts[index] ?? 0;
  }

  /** Where the name is in the file. */
  nameAt(index: number): number {
    return this.#names[index] ?? 0;
  }

  lay(first: number, end: number): AddressRanges {
    const count = end - first;
    const ranks = new Uint32Array(count).map((_, i) => i);
    return AddressRanges.of({
      count,
      starts: this.#starts.subarray(first, end),
      ends: this.#ends.subarray(first, end),
      ranks,
    });
  }

  /**
   * Takes the lines that are whole.
   *
   * @param place - of the bytes in the file
   * @param isFull - true where more follows: a line that fills all of it is skipped
   * @returns how many bytes were used
   */
  add(bytes: Uint8Array, place: number, isFull: boolean): number {
    let at = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, at)) {
      this.#addLine(bytes, at, end, place);
      at = end + 1;
    }
    return at === 0 && isFull ? bytes.length : at;
  }

  /** A line is `START SIZE name`, in hexadecimal digits with or without `0x`; one that is not is left out. */
  #addLine(bytes: Uint8Array, at: number, end: number, place: number): void {
    const start = hexAt(bytes, at);
    const size = hexAt(bytes, start.next);
    if (start.digits === 0 || size.digits === 0 || size.next >= end || size.value === 0) return;
    if (start.value + size.value > Number.MAX_SAFE_INTEGER) return;
    this.#makeRoom();
    this.#starts[this.count] = start.value;
    this.#ends[this.count] = start.value + size.value;
    this.#names[this.count++] = place + size.next;
  }

  #makeRoom(): void {
    if (this.count < this.#starts.length) return;
    [this.#starts, this.#ends, this.#names] = [this.#starts, this.#ends, this.#names].map(doubled) as [
      Float64Array<ArrayBuffer>,
      Float64Array<ArrayBuffer>,
      Float64Array<ArrayBuffer>,
    ];
  }
}

function doubled(column: Float64Array): Float64Array {
  const larger = new Float64Array(2 * column.length);
  larger.set(column);
  return larger;
}

/** A number and the blank behind it. */
function hexAt(bytes: Uint8Array, from: number): { value: number; digits: number; next: number } {
  let at = bytes[from] === 48 && bytes[from + 1] === 120 ? from + 2 : from;
  const first = at;
  let value = 0;
  for (let digit = digitOf(bytes[at]); digit >= 0; digit = digitOf(bytes[++at])) value = value * 16 + digit;
  return { value, digits: bytes[at] === blank ? at - first : 0, next: at + 1 };
}

function digitOf(code = 0): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = (code | 32) - 97;
  return letter >= 0 && letter < 6 ? letter + 10 : -1;
}
