/** The raw form of BTF: its header, its types as 32-bit words in this machine's order, its strings. */
import { hostIsLittleEndian } from './bpf-object.js';
import { malformedBtf } from './malformed.js';
import { StringTable } from './string-table.js';

const magic = 0xeb9f;
const leastHeader = 24;

/** The two sections of a BTF blob. */
export interface BtfImage {
  readonly littleEndian: boolean;
  /** All type records; a window on the input where order and alignment allow, else a copy. */
  readonly words: Uint32Array;
  /** Where the words start in the blob, in bytes; errors count from there. */
  readonly wordsOffset: number;
  readonly strings: StringTable;
}

/** Reads the header and finds both sections. */
export function readImage(bytes: Uint8Array, subject: string): BtfImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const littleEndian = byteOrder(view, subject);
  const field = (at: number) => view.getUint32(at, littleEndian);
  const header = field(4);
  if (bytes[2] !== 1) throw malformedBtf(subject, `BTF version ${bytes[2]} at offset 2, 1 expected`);
  if (header < leastHeader) {
    throw malformedBtf(
      subject,
      `a BTF header of ${header} bytes at offset 4, at least ${leastHeader} expected`,
    );
  }
  const types = part(bytes, subject, 'types', header + field(8), field(12));
  const strings = part(bytes, subject, 'strings', header + field(16), field(20));
  if (types.length % 4 !== 0 || field(8) % 4 !== 0) {
    throw malformedBtf(
      subject,
      `BTF types of ${types.length} bytes at offset ${header + field(8)}, not whole words`,
    );
  }
  return {
    littleEndian,
    words: hostWords(types, littleEndian),
    wordsOffset: header + field(8),
    strings: new StringTable(strings),
  };
}

function byteOrder(view: DataView, subject: string): boolean {
  if (view.byteLength < leastHeader) {
    throw malformedBtf(subject, `${view.byteLength} bytes, less than a BTF header of ${leastHeader}`);
  }
  if (view.getUint16(0, true) === magic) return true;
  if (view.getUint16(0, false) === magic) return false;
  const found = view.getUint16(0, true).toString(16).padStart(4, '0');
  throw malformedBtf(subject, `not BTF: it starts with 0x${found}, 0x${magic.toString(16)} expected`);
}

function part(bytes: Uint8Array, subject: string, what: string, offset: number, size: number): Uint8Array {
  if (offset + size <= bytes.length) return bytes.subarray(offset, offset + size);
  const wanted = `BTF ${what} need ${size} bytes at offset ${offset}`;
  throw malformedBtf(subject, `${wanted}, but there are ${bytes.length}`, 'the file is truncated or damaged');
}

function hostWords(bytes: Uint8Array, littleEndian: boolean): Uint32Array {
  const sameOrder = littleEndian === hostIsLittleEndian();
  if (sameOrder && bytes.byteOffset % 4 === 0) {
    return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  }
  const words = new Uint32Array(bytes.length / 4);
  new Uint8Array(words.buffer).set(bytes);
  return sameOrder ? words : words.map(swap);
}

function swap(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}
