/** BTF: the C types of an object or kernel, by id and by name. */
import { type BtfExt, readBtfExt } from './btf-ext.js';
import { dumpC } from './c/dump.js';
import { CType, chosen } from './c-type.js';
import { Elf } from './elf.js';
import { alignOf, sizeOf } from './layout.js';
import { noTypes } from './malformed.js';
import { NameIndex } from './name-index.js';
import { relocateTypes } from './relocate.js';
import type { BtfKind, BtfType } from './type.js';
import { hasSignedEnum, TypeTable } from './type-table.js';

/** A set of types; a module's "split" BTF continues the ids and strings of its base, the kernel's. */
export class Btf {
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
  /** What was skipped, as `2 types of BTF kind 21 skipped, …`; empty for BTF that this version knows whole. */
  readonly notes: readonly string[];
  readonly #table: TypeTable;
  readonly #names: NameIndex;
  readonly #aligns = new Map<number, number>();
  #signsEnums: boolean | undefined;
  #ext: Uint8Array | undefined;

  private constructor(bytes: Uint8Array, subject: string, base: Btf | undefined, pointerSize: number) {
    const table = new TypeTable(bytes, subject, base ? base.#table : undefined);
    this.subject = subject;
    this.base = base;
    this.pointerSize = pointerSize;
    this.littleEndian = table.littleEndian;
    this.firstId = table.firstId;
    this.count = table.count;
    this.notes = table.notes;
    this.#table = table;
    this.#names = new NameIndex(table);
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
   * Reads raw BTF, or that of an ELF file: an object, a kernel with debug information, a module. A module that was
   * built away from its kernel carries a `.BTF.base` (Documentation/bpf/btf.rst): without a base that is its base,
   * and with one its types are found there.
   *
   * @throws BpfError `ERR_BPF_BTF` or `ERR_BPF_ELF` with offset and cause
   */
  static fromBytes(bytes: Uint8Array, subject: string, base?: Btf): Btf {
    const isElf = bytes[0] === 0x7f || bytes.length === 0;
    return isElf ? Btf.fromElf(Elf.parse(bytes, subject), base) : Btf.parse(bytes, subject, base);
  }

  /** @internal {@link fromBytes} of an ELF file. */
  static fromElf(elf: Elf, base?: Btf): Btf {
    const { subject } = elf;
    const size = elf.is64 ? 8 : 4;
    const [types, ext, distilled] = ['.BTF', '.BTF.ext', '.BTF.base'].map(name => elf.section(name)?.bytes);
    if (types === undefined) throw noTypes(subject);
    const own = distilled && new Btf(distilled, `.BTF.base of ${subject}`, undefined, size);
    const btf = new Btf(types, subject, own ?? base, size);
    btf.#ext = ext;
    return own && base ? new Btf(relocateTypes(btf, own, base), subject, base, size) : btf;
  }

  /** The type with that id. @throws BpfError `ERR_BPF_BTF` when there is none */
  type(id: number): BtfType {
    return this.#table.type(id);
  }

  /**
   * A type to walk through: its members, size, offsets, and its C text by `toString()`.
   *
   * @param which - an id, or a name as in C: `struct task_struct`, `pid_t`, `unsigned int`
   * @throws BpfError `ERR_BPF_BTF` when there is none, or several that differ: pick one of {@link all} then
   *
   * @example
   * ```ts
   * const task = kernelBtf().get('struct task_struct');
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
    return this.#table.kind(id);
  }

  /** Name of the type with that id; empty for an anonymous one. */
  name(id: number): string {
    return this.#table.name(id);
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
  ids(kind: BtfKind): Generator<number> {
    return this.#table.ids(kind);
  }

  /** Id of the type under typedefs, qualifiers and type tags. */
  resolve(id: number): number {
    return this.#table.resolve(id);
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
    this.#signsEnums ??= (this.base?.signsEnums ?? false) || hasSignedEnum(this.#table);
    return this.#signsEnums;
  }

  /** @internal */
  text(offset: number): string {
    return this.#table.text(offset);
  }

  /**
   * Functions, source lines and CO-RE relocations; none where this BTF is of no object.
   *
   * @throws BpfError `ERR_BPF_BTF` with offset and cause
   */
  get ext(): BtfExt {
    return this.#ext ? readBtfExt(this.#ext, this) : { functions: [], lines: [], relocations: [] };
  }

  /** @internal Where the strings of a split BTF on this one start. */
  get stringsEnd(): number {
    return this.#table.stringsEnd;
  }

  /** @internal Size in bytes, with its base. */
  get size(): number {
    return this.#table.size;
  }

  /** @internal Third word of a record: a size or a type. */
  third(id: number): number {
    return this.#table.third(id);
  }
}
