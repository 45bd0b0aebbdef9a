/** `.BTF.ext`: which function and source line an instruction is of, and what CO-RE changes in it. */
import type { Btf } from './btf.js';
import { malformedBtf } from './malformed.js';

/** The instruction that a record of `.BTF.ext` is of. */
export interface InsnPlace {
  /** The section of the program. */
  readonly section: string;
  /** In bytes from the start of the section; an instruction has 8. */
  readonly offset: number;
}

/** The start of a function. */
export interface FunctionInfo extends InsnPlace {
  /** Id of its type in the object's BTF. */
  readonly type: number;
}

/** The source of the instructions from here on. */
export interface LineInfo extends InsnPlace {
  readonly file: string;
  /** The line's text. */
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** What CO-RE puts into an instruction at load, by `enum bpf_core_relo_kind` of include/uapi/linux/bpf.h. */
export const relocationKinds = [
  'field_byte_offset',
  'field_byte_size',
  'field_exists',
  'field_signed',
  'field_lshift_u64',
  'field_rshift_u64',
  'type_id_local',
  'type_id_target',
  'type_exists',
  'type_size',
  'enumval_exists',
  'enumval_value',
  'type_matches',
] as const;

/** What a CO-RE relocation asks for: `BPF_CORE_` and this, in small letters. */
export type RelocationKind = (typeof relocationKinds)[number];

/** A CO-RE relocation. */
export interface Relocation extends InsnPlace {
  /** Id of the root type in the object's BTF. */
  readonly type: number;
  /** Indices from the root type, as `0:1:2`: the third member of the second one. */
  readonly access: string;
  readonly kind: RelocationKind | `${number}`;
}

/** All records of a `.BTF.ext` section, in its order. */
export interface BtfExt {
  readonly functions: readonly FunctionInfo[];
  readonly lines: readonly LineInfo[];
  readonly relocations: readonly Relocation[];
}

const magic = 0xeb9f;
const leastHeader = 24;

/**
 * Reads the bytes of a `.BTF.ext` section.
 *
 * @param btf - of the same object; it has the strings
 * @throws BpfError `ERR_BPF_BTF` with offset and cause
 */
export function readBtfExt(bytes: Uint8Array, btf: Btf): BtfExt {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number) => {
    if (at + 4 <= bytes.length) return view.getUint32(at, btf.littleEndian);
    throw malformedBtf(btf.subject, `.BTF.ext needs 4 bytes at offset ${at}, but there are ${bytes.length}`);
  };
  if (bytes.length < leastHeader || view.getUint16(0, btf.littleEndian) !== magic)
    throw malformedBtf(btf.subject, `${bytes.length} bytes that are no .BTF.ext of the BTF's byte order`);
  const header = word(4);
  const part = (at: number, words: number) =>
    header < at + 8 ? [] : records(btf, word, header + word(at), word(at + 4), words);
  return {
    functions: part(8, 2).map(({ place, body }) => ({ ...place, type: word(body) })),
    lines: part(16, 4).map(({ place, body }) => ({ ...place, ...lineInfo(btf, word, body) })),
    relocations: part(24, 4).map(({ place, body }) => ({ ...place, ...relocation(btf, word, body) })),
  };
}

type Word = (at: number) => number;

interface Raw {
  readonly place: InsnPlace;
  /** Where the words behind the instruction's offset are. */
  readonly body: number;
}

/** A record size, then for each section its name, a count and the records. */
function records(btf: Btf, word: Word, start: number, length: number, words: number): Raw[] {
  if (length === 0) return [];
  const size = word(start);
  if (size < words * 4 || size % 4 !== 0)
    throw malformedBtf(
      btf.subject,
      `.BTF.ext records of ${size} bytes at offset ${start}, ${words * 4} expected`,
    );
  const found: Raw[] = [];
  for (let at = start + 4; at < start + length; ) {
    const [section, count] = [btf.text(word(at)), word(at + 4)];
    at += 8;
    // Each word is checked, so a count that is too large ends at the end of the bytes.
    for (let i = 0; i < count; i++, at += size)
      found.push({ place: { section, offset: word(at) }, body: at + 4 });
  }
  return found;
}

function lineInfo(btf: Btf, word: Word, at: number) {
  const place = word(at + 8);
  return {
    file: btf.text(word(at)),
    text: btf.text(word(at + 4)),
    line: place >>> 10,
    column: place & 0x3ff,
  };
}

function relocation(btf: Btf, word: Word, at: number) {
  const kind = word(at + 8);
  return {
    type: word(at),
    access: btf.text(word(at + 4)),
    kind: relocationKinds[kind] ?? (`${kind}` as const),
  };
}
