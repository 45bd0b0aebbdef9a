/** BTF: the C types of an object or kernel, by id and by name. Reads what is asked for, keeps no object per type. */
import { type BtfExt, readBtfExt } from './btf-ext.js';
import { type BtfImage, readImage } from './btf-image.js';
import { dumpC } from './c/dump.js';
import { CType, chosen } from './c-type.js';
import { Elf } from './elf.js';
import { alignOf, sizeOf } from './layout.js';
import { malformedBtf, malformedElf } from './malformed.js';
import { NameIndex } from './name-index.js';
import type { BtfInt, BtfKind, BtfType } from './type.js';
import { btfKinds } from './type.js';
import { indexTypes, kindOfInfo } from './type-index.js';
import { type TypeSource, viewType } from './type-view.js';

/** Longest chain of typedefs and qualifiers; real ones have fewer than ten. */
const longestChain = 64;

const transparent: ReadonlySet<BtfKind> = new Set(['typedef', 'const', 'volatile', 'restrict', 'type_tag']);

/** A set of types; a module's "split" BTF continues the ids and strings of its base, the kernel's. */
export class Btf implements TypeSource {
  /** What errors call it: `x.bpf.o`, `vmlinux`. */
  readonly subject: string;
  readonly base: Btf | undefined;
  readonly littleEndian: boolean;
  /** Size of a pointer in bytes: 8, but in a 32-bit ELF file 4. */
  readonly pointerSize: number;
  /** Id of the first type that is its own: 1, or what follows the base's last. */
  readonly firstId: number;
  /** One more than the last id; `void`, id 0, counts. */
  readonly count: number;
  /** @internal */
  readonly words: Uint32Array;
  /** What was skipped, as `2 types of BTF kind 21 skipped, …`; empty for BTF that this version knows whole. */
  readonly notes: readonly string[];
  readonly #image: BtfImage;
  readonly #starts: Uint32Array;
  readonly #names: NameIndex;
  readonly #stringsStart: number;
  readonly #aligns = new Map<number, number>();
  #signsEnums: boolean | undefined;
  #ext: Uint8Array | undefined;

  private constructor(bytes: Uint8Array, subject: string, base: Btf | undefined, pointerSize: number) {
    this.subject = subject;
    this.base = base;
    this.pointerSize = pointerSize;
    this.#image = readImage(bytes, subject);
    this.littleEndian = this.#image.littleEndian;
    this.words = this.#image.words;
    const { starts, notes } = indexTypes(this.#image, subject);
    this.#starts = starts;
    this.notes = notes;
    this.firstId = base?.count ?? 1;
    this.count = this.firstId + this.#starts.length;
    this.#stringsStart = base?.stringsEnd ?? 0;
    this.#names = new NameIndex(this);
  }

  /**
   * Reads raw BTF: what a `.BTF` section or a file of `/sys/kernel/btf` holds. The bytes are not copied, so they must
   * not change.
   *
   * @param subject - what errors call it
   * @param base - of split BTF: the kernel's
   * @throws BpfError `ERR_BPF_BTF` with offset and cause
   */
  static parse(bytes: Uint8Array, subject: string, base?: Btf): Btf {
    return new Btf(bytes, subject, base, base?.pointerSize ?? 8);
  }

  /**
   * Reads raw BTF, or that of an ELF file: an object, a kernel with debug information, a module.
   *
   * @throws BpfError `ERR_BPF_BTF` or `ERR_BPF_ELF` with offset and cause
   */
  static fromBytes(bytes: Uint8Array, subject: string, base?: Btf): Btf {
    const isElf = bytes[0] === 0x7f || bytes.length === 0;
    return isElf ? Btf.fromElf(Elf.parse(bytes, subject), base) : Btf.parse(bytes, subject, base);
  }

  /**
   * @internal Reads the `.BTF` section of an ELF file.
   *
   * @throws BpfError `ERR_BPF_ELF` where there is none, `ERR_BPF_BTF` where it is malformed
   */
  static fromElf(elf: Elf, base?: Btf): Btf {
    const section = elf.section('.BTF');
    if (section) {
      const btf = new Btf(section.bytes, elf.subject, base, elf.is64 ? 8 : 4);
      btf.#ext = elf.section('.BTF.ext')?.bytes;
      return btf;
    }
    const reason = 'no type information: there is no .BTF section';
    throw malformedElf(elf.subject, reason, 'compile with clang -g');
  }

  /** The type with that id. @throws BpfError `ERR_BPF_BTF` when there is none */
  type(id: number): BtfType {
    if (id === 0) return { kind: 'void', id: 0, name: '' };
    if (id < this.firstId && this.base) return this.base.type(id);
    return viewType(this, this.kind(id), id, this.#start(id));
  }

  /**
   * A type to walk through: its members, size, offsets, and its C text by `toString()`.
   *
   * @param which - an id, or a name as in C: `struct task_struct`, `pid_t`, `unsigned int`
   * @throws BpfError `ERR_BPF_BTF` when there is none, or several that differ: pick one of {@link all} then
   *
   * @example
   * ```ts
   * const task = kernelTypes().get('struct task_struct');
   * task.member('se.vruntime').offset; // from the start of the task, in bytes
   * ```
   */
  get(which: string | number): CType {
    return typeof which === 'number' ? new CType(this, which) : chosen(this, which);
  }

  /** Every type of that name as in C, in order of their ids; none where there is none. */
  all(name: string): readonly CType[] {
    return CType.named(this, name);
  }

  /** Its types, each once. */
  *[Symbol.iterator](): Generator<CType> {
    for (let id = this.firstId; id < this.count; id++) yield new CType(this, id);
  }

  /**
   * The types as C text that compiles, each after those that it needs.
   *
   * @param ids - those wanted, with all that they need; every type by default
   */
  toC(ids?: Iterable<number>): string {
    return dumpC(this, ids);
  }

  /** Kind of the type with that id, without reading the rest of it. */
  kind(id: number): BtfKind {
    if (id === 0) return 'void';
    if (id < this.firstId && this.base) return this.base.kind(id);
    return btfKinds[kindOfInfo(this.words[this.#start(id) + 1] ?? 0)] ?? 'unknown';
  }

  /** Name of the type with that id; empty for an anonymous one. */
  name(id: number): string {
    if (id === 0) return '';
    if (id < this.firstId && this.base) return this.base.name(id);
    return this.text(this.words[this.#start(id)] ?? 0);
  }

  /** Id of the first type of that kind and name. */
  find(kind: BtfKind, name: string): number | undefined {
    return this.findAll(kind, name)[0];
  }

  /** Ids of all types of that kind and name, in order. */
  findAll(kind: BtfKind, name: string): readonly number[] {
    return [...(this.base?.findAll(kind, name) ?? []), ...this.#names.ids(kind, name)];
  }

  /** Ids of all types of its own of that kind, in order. */
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
    throw malformedBtf(
      this.subject,
      `BTF type ${id} is a chain of more than ${longestChain} names and qualifiers`,
    );
  }

  /** Size of a value in bytes. @throws BpfError `ERR_BPF_BTF` for a type that has none, as a function */
  sizeOf(id: number): number {
    return sizeOf(this, id);
  }

  /** Alignment of a value in bytes, as the compiler chose it: 1 in a packed struct. */
  alignOf(id: number): number {
    return alignOf(this, id, this.#aligns);
  }

  /**
   * @internal True when the producer says of enums whether they are signed. Before 2022 none did, and values were
   * 32-bit signed integers.
   */
  get signsEnums(): boolean {
    this.#signsEnums ??= (this.base?.signsEnums ?? false) || hasSignedEnum(this);
    return this.#signsEnums;
  }

  /** @internal Where the strings of a split BTF on this one start. */
  get stringsEnd(): number {
    return this.#stringsStart + this.#image.strings.size;
  }

  /** @internal */
  text(offset: number): string {
    if (offset === 0) return '';
    if (offset < this.#stringsStart && this.base) return this.base.text(offset);
    const text = this.#image.strings.at(offset - this.#stringsStart);
    if (text !== undefined) return text;
    const size = this.#image.strings.size;
    throw malformedBtf(this.subject, `a BTF name at offset ${offset} of ${size} bytes of strings`);
  }

  /**
   * Functions, source lines and CO-RE relocations; none where this BTF is of no object.
   *
   * @throws BpfError `ERR_BPF_BTF` with offset and cause
   */
  get ext(): BtfExt {
    return this.#ext ? readBtfExt(this.#ext, this) : { functions: [], lines: [], relocations: [] };
  }

  /** @internal */
  intOf(id: number): BtfInt | undefined {
    const int = this.resolve(id);
    // The kind first: the view of a struct asks this of its own members.
    return this.kind(int) === 'int' ? (this.type(int) as BtfInt) : undefined;
  }

  /** @internal Third word of a record: a size or a type. */
  third(id: number): number {
    if (id < this.firstId && this.base) return this.base.third(id);
    return this.words[this.#start(id) + 2] ?? 0;
  }

  /** @internal Index of a type's first word; of its own types only. */
  start(id: number): number {
    return this.#start(id);
  }

  #start(id: number): number {
    const start = this.#starts[id - this.firstId];
    if (start !== undefined) return start;
    throw malformedBtf(this.subject, `BTF type ${id} is referred to, but the last is ${this.count - 1}`);
  }
}

function hasSignedEnum(btf: Btf): boolean {
  for (let id = btf.firstId; id < btf.count; id++) {
    const kind = btf.kind(id);
    if (kind === 'enum64') return true;
    if (kind === 'enum' && (btf.words[btf.start(id) + 1] ?? 0) >>> 31 === 1) return true;
  }
  return false;
}
