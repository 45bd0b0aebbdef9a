/** The answer of `BPF_OBJ_GET_INFO_BY_FD`: a struct, with the lists that it points to, and the lines of fdinfo. */
import { littleEndian } from '../btf/byte-order.js';
import { fieldIn } from './fdinfo.js';

/** Records stand one behind the other: two lengths, the struct, the text. */
const headerSize = 8;
const align = 8;

/** Reads fields of the struct by their offsets. */
export class KernelRecord {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #fdinfo: string;

  /** @param at - where it begins; what it takes is a multiple of 8 bytes */
  constructor(batch: Uint8Array, at = 0) {
    const header = new DataView(batch.buffer, batch.byteOffset + at, headerSize);
    const [info, text] = [header.getUint32(0, littleEndian), header.getUint32(4, littleEndian)];
    const start = at + headerSize;
    this.bytes = batch.subarray(start, start + info);
    this.#view = new DataView(this.bytes.buffer, this.bytes.byteOffset, info);
    this.#fdinfo = Buffer.from(batch.subarray(start + info, start + info + text)).toString('latin1');
  }

  /** All records from an offset on. */
  static *all(batch: Uint8Array, from: number): Generator<KernelRecord, void, undefined> {
    for (let at = from; at < batch.length; ) {
      const record = new KernelRecord(batch, at);
      yield record;
      at += Math.ceil((headerSize + record.bytes.length + record.#fdinfo.length) / align) * align;
    }
  }

  u32(offset: number): number {
    return this.#view.getUint32(offset, littleEndian);
  }

  u64(offset: number): bigint {
    return this.#view.getBigUint64(offset, littleEndian);
  }

  /** A name of a fixed size, up to its NUL. */
  name(offset: number, size: number): string {
    return Buffer.from(this.bytes.subarray(offset, offset + size))
      .toString('latin1')
      .replace(/\0.*$/s, '');
  }

  /** A number that `/proc` tells; 0 where it does not. */
  inProc(name: string): number {
    return fieldIn(this.#fdinfo, name) ?? 0;
  }
}
