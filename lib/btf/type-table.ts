/** The records of one BTF and of the base that it continues, by id. */
import { type BtfImage, readImage } from './btf-image.js';
import { malformedBtf } from './malformed.js';
import type { BtfInt, BtfKind, BtfType } from './type.js';
import { btfKinds } from './type.js';
import { headWords, indexTypes, kindOfInfo } from './type-index.js';
import { intEncoding, viewType } from './type-view.js';

/** Longest chain of typedefs and qualifiers; real ones have fewer than ten. */
const longestChain = 64;

const transparent: ReadonlySet<BtfKind> = new Set(['typedef', 'const', 'volatile', 'restrict', 'type_tag']);

/** Reads what is asked for, keeps no object per type. */
export class TypeTable {
  readonly subject: string;
  readonly base: TypeTable | undefined;
  readonly littleEndian: boolean;
  /** Id of the first type of its own. */
  readonly firstId: number;
  /** One more than the last id. */
  readonly count: number;
  /** What was skipped. */
  readonly notes: readonly string[];
  readonly words: Uint32Array;
  readonly #image: BtfImage;
  readonly #starts: Uint32Array;
  readonly #stringsStart: number;

  constructor(bytes: Uint8Array, subject: string, base?: TypeTable) {
    this.subject = subject;
    this.base = base;
    this.#image = readImage(bytes, subject);
    this.littleEndian = this.#image.littleEndian;
    this.words = this.#image.words;
    const { starts, notes } = indexTypes(this.#image, subject);
    this.#starts = starts;
    this.notes = notes;
    this.firstId = base?.count ?? 1;
    this.count = this.firstId + this.#starts.length;
    this.#stringsStart = base?.stringsEnd ?? 0;
  }

  /** The record as an object, made anew each time. */
  type(id: number): BtfType {
    if (id === 0) return { kind: 'void', id: 0, name: '' };
    if (id < this.firstId && this.base) return this.base.type(id);
    return viewType(this, this.kind(id), id, this.start(id));
  }

  kind(id: number): BtfKind {
    if (id === 0) return 'void';
    if (id < this.firstId && this.base) return this.base.kind(id);
    return btfKinds[kindOfInfo(this.words[this.start(id) + 1] ?? 0)] ?? 'unknown';
  }

  name(id: number): string {
    if (id === 0) return '';
    if (id < this.firstId && this.base) return this.base.name(id);
    return this.text(this.words[this.start(id)] ?? 0);
  }

  /** Third word of a record: a size or a type. */
  third(id: number): number {
    if (id < this.firstId && this.base) return this.base.third(id);
    return this.words[this.start(id) + 2] ?? 0;
  }

  /** Ids of its own types of that kind. */
  *ids(kind: BtfKind): Generator<number> {
    for (let id = this.firstId; id < this.count; id++) if (this.kind(id) === kind) yield id;
  }

  /** Id of the type under typedefs, qualifiers and type tags. */
  resolve(id: number): number {
    let at = id;
    for (let hops = 0; hops < longestChain; hops++) {
      if (!transparent.has(this.kind(at))) return at;
      at = this.third(at);
    }
    const reason = `BTF type ${id} is a chain of more than ${longestChain} names and qualifiers`;
    throw malformedBtf(this.subject, reason);
  }

  /** The bits of an integer under names and qualifiers; the view of a struct asks this of its members. */
  narrowInt(id: number, any: boolean): Pick<BtfInt, 'bits' | 'bitOffset'> | undefined {
    const int = this.resolve(id);
    if (this.kind(int) !== 'int') return undefined;
    if (int < this.firstId && this.base) return this.base.narrowInt(int, any);
    const info = this.words[this.start(int) + headWords] ?? 0;
    return any || (info & 0xff) !== this.third(int) * 8 ? intEncoding(info) : undefined;
  }

  /** Size of types and strings in bytes, with those of the base. */
  get size(): number {
    return (this.base?.size ?? 0) + this.words.length * 4 + this.#image.strings.size;
  }

  /** Where the strings of a split BTF on this one start. */
  get stringsEnd(): number {
    return this.#stringsStart + this.#image.strings.size;
  }

  /** A string by its offset. */
  text(offset: number): string {
    if (offset === 0) return '';
    if (offset < this.#stringsStart && this.base) return this.base.text(offset);
    const text = this.#image.strings.at(offset - this.#stringsStart);
    if (text !== undefined) return text;
    const size = this.#image.strings.size;
    throw malformedBtf(this.subject, `a BTF name at offset ${offset} of ${size} bytes of strings`);
  }

  /** Index of a record's first word; of its own types only. */
  start(id: number): number {
    const start = this.#starts[id - this.firstId];
    if (start !== undefined) return start;
    throw malformedBtf(this.subject, `BTF type ${id} is referred to, but the last is ${this.count - 1}`);
  }
}

/** True where an enum says that it is signed, or is one of the kind that always says so. */
export function hasSignedEnum(types: TypeTable): boolean {
  for (let id = types.firstId; id < types.count; id++) {
    const kind = types.kind(id);
    if (kind === 'enum64') return true;
    if (kind === 'enum' && (types.words[types.start(id) + 1] ?? 0) >>> 31 === 1) return true;
  }
  return false;
}
