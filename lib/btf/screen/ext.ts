/** Records of `.BTF.ext` that refer to types of the object. */
import { malformedBtf } from '../malformed.js';
import type { TypeTable } from '../type-table.js';

const magic = 0xeb9f;
/** The fields of the header that say where each part is, and the least size of its records. */
const parts = [
  { at: 8, least: 8, holds: 'functions' },
  { at: 16, least: 16, holds: 'lines' },
  { at: 24, least: 16, holds: 'relocations' },
] as const;

/**
 * Most distinct types that CO-RE may look up: each is compared with all types of the kernel (bpf_core_add_cands() in
 * libbpf.c).
 */
const mostRoots = 10_000;

/** What was found. */
interface Counts {
  records: number;
  /** Each section of the object has a list of its records. */
  sections: number;
  readonly roots: Set<number>;
}

/** A `.BTF.ext` section as numbers. */
class ExtView {
  readonly types: TypeTable;
  readonly size: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, types: TypeTable) {
    this.types = types;
    this.size = bytes.length;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  word(at: number): number {
    if (at + 4 <= this.size) return this.#view.getUint32(at, this.types.littleEndian);
    throw this.malformed(`needs 4 bytes at offset ${at}, but there are ${this.size}`);
  }

  malformed(what: string): Error {
    return malformedBtf(this.types.subject, `.BTF.ext ${what}`);
  }
}

/**
 * Returns how many records there are, in how many lists, when each is of a type that there is.
 *
 * @throws BpfError `ERR_BPF_BTF` with offset and cause
 */
export function screenExt(bytes: Uint8Array, types: TypeTable): Counts {
  const view = new ExtView(bytes, types);
  const start = view.word(0);
  const begins = types.littleEndian ? start & 0xffff : start >>> 16;
  if (begins !== magic) throw view.malformed("does not have the BTF's byte order");
  const header = view.word(4);
  const found: Counts = { records: 0, sections: 0, roots: new Set() };
  for (const part of parts) {
    if (header < part.at + 8) break;
    const [offset, length] = [view.word(part.at), view.word(part.at + 4)];
    if (length > 0) screenPart(view, part, header + offset, length, found);
  }
  const roots = found.roots.size;
  if (roots > mostRoots) throw view.malformed(`relocates ${roots} types, ${mostRoots} are allowed`);
  return found;
}

type Part = (typeof parts)[number];

function screenPart(view: ExtView, part: Part, start: number, length: number, found: Counts): void {
  const size = view.word(start);
  if (size < part.least || size % 4 !== 0)
    throw view.malformed(`${part.holds} have ${size} bytes each, at least ${part.least} expected`);
  for (let at = start + 4; at < start + length; ) {
    const count = view.word(at + 4);
    at += 8;
    if (count === 0 || at + count * size > Math.min(start + length, view.size))
      throw view.malformed(
        `${part.holds} are ${count} of ${size} bytes at offset ${at}, which are not there`,
      );
    if (part.holds !== 'lines')
      for (let i = 0; i < count; i++) requireType(view, part, at + i * size, found.roots);
    at += count * size;
    found.records += count;
    found.sections++;
  }
}

function requireType(view: ExtView, { holds }: Part, at: number, roots: Set<number>): void {
  const { types } = view;
  const id = view.word(at + 4);
  if (id >= types.count)
    throw view.malformed(`refers to type ${id} at offset ${at + 4}, of ${types.count} types`);
  if (holds === 'relocations') {
    roots.add(id);
    types.text(view.word(at + 8));
  } else if (types.kind(id) !== 'func') {
    throw view.malformed(`has a function of type ${id} at offset ${at + 4}, which is ${types.kind(id)}`);
  }
}
