/**
 * The reused memory of a batch: records packed one behind the other, as in a ring buffer
 * (Documentation/bpf/ringbuf.rst).
 */

/** Length and a word of the source's own, in front of each record; the record is padded to eight bytes. */
export const headerBytes = 8;
const firstBytes = 64 * 1024;
/** So much is copied as quickly as it is counted. */
const fewBytes = 4096;

/** Records of one batch. Each begins at a multiple of eight, so that typed arrays read its members. */
export class Memory {
  bytes: Uint8Array<ArrayBuffer>;
  view: DataView<ArrayBuffer>;
  words: Uint32Array<ArrayBuffer>;
  /** The first of the bytes, for batches of a few records. */
  few: Uint8Array<ArrayBuffer>;
  /** Records in it. */
  count = 0;
  /** Bytes in use. */
  used = 0;
  /** Bytes of each record, where all have the same number; else undefined. */
  length: number | undefined;
  /** Bytes that waited at the source before this batch was read. */
  waited = 0;
  /** Copies the records in, where the source has only counted them: a batch that is not read is not copied. */
  loader: (() => void) | undefined;

  constructor(size = firstBytes) {
    this.bytes = new Uint8Array(padded(size));
    this.view = new DataView(this.bytes.buffer);
    this.words = new Uint32Array(this.bytes.buffer);
    this.few = this.bytes.subarray(0, fewBytes);
  }

  /** Makes room for so many bytes in all; keeps what is there. */
  reserve(size: number): void {
    if (size <= this.bytes.length) return;
    const old = this.bytes.subarray(0, this.used);
    this.bytes = new Uint8Array(padded(Math.max(size, this.bytes.length * 2)));
    this.bytes.set(old);
    this.view = new DataView(this.bytes.buffer);
    this.words = new Uint32Array(this.bytes.buffer);
    this.few = this.bytes.subarray(0, fewBytes);
  }

  /** Makes sure that the records are there. */
  load(): void {
    const { loader } = this;
    if (loader === undefined) return;
    this.loader = undefined;
    loader();
  }

  clear(): void {
    this.loader = undefined;
    this.count = 0;
    this.used = 0;
    this.waited = 0;
    this.length = undefined;
  }

  /**
   * Adds one record.
   *
   * @param note - the source's own word, as the number of a CPU
   */
  append(record: Uint8Array, note = 0): void {
    const start = this.used + headerBytes;
    const end = start + padded(record.length);
    this.reserve(end);
    this.words[this.used / 4] = record.length;
    this.words[this.used / 4 + 1] = note;
    this.bytes.set(record, start);
    this.used = end;
    this.length = this.count++ === 0 || this.length === record.length ? record.length : undefined;
  }
}

/** Rounded up to a multiple of eight. */
export function padded(size: number): number {
  return Math.ceil(size / 8) * 8;
}
