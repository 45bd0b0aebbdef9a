/** The raw form of BTF: its header, its types as 32-bit words in this machine's order, its strings. */
import { littleEndian as hostIsLittle } from './byte-order.js';
import { malformedBtf } from './malformed.js';
import { StringTable } from './string-table.js';

const magic = 0xeb9f;
const leastHeader = 24;
/** A header that also says where the layout section is. */
const layoutHeader = 32;

/** The two sections of a BTF blob. */
export interface BtfImage {
  readonly littleEndian: boolean;
  /** All type records; a window on the input where order and alignment allow, else a copy. */
  readonly words: Uint32Array;
  /** Where the words start in the blob, in bytes; errors count from there. */
  readonly wordsOffset: number;
  readonly strings: StringTable;
  /** Record sizes by kind number, from the layout section that newer producers add; empty without one. */
  readonly layouts: readonly RecordLayout[];
}

/** What a kind adds to its record, in words. */
interface RecordLayout {
  readonly once: number;
  /** For each of its `vlen` entries. */
  readonly each: number;
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
  part(bytes, subject, 'header', 0, header);
  const types = part(bytes, subject, 'types', header + field(8), field(12));
  const strings = part(bytes, subject, 'strings', header + field(16), field(20));
  const layouts =
    header >= layoutHeader ? part(bytes, subject, 'layouts', header + field(24), field(28)) : [];
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
    layouts: readLayouts(layouts),
  };
}

/** Four bytes for each kind: bytes that it adds once, bytes for each entry, 16 bits of flags. */
function readLayouts(bytes: ArrayLike<number>): readonly RecordLayout[] {
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, kind) => ({
    once: Math.ceil((bytes[kind * 4] ?? 0) / 4),
    each: Math.ceil((bytes[kind * 4 + 1] ?? 0) / 4),
  }));
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
  const sameOrder = littleEndian === hostIsLittle;
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
