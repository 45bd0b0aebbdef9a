/** BTF made by hand: types are added as they are read, and come out as the bytes that kernel and tools take. */
import { argumentError, requireObject, requireOptions } from '../errors/arguments.js';
import { Btf } from './btf.js';
import { recordOf } from './btf-record.js';
import { BtfWriter } from './btf-writer.js';
import { littleEndian as host } from './byte-order.js';
import { completeType, type NewBtfType } from './new-type.js';
import { typesIn } from './referred-types.js';
import type { BtfType } from './type.js';

/** What the types are for. */
export interface BtfBuilderOptions {
  /** Types that these continue, ids and strings: the kernel's, for those of a module. */
  readonly base?: Btf;
  /** The byte order of what is written; this machine's, or the base's, by default. */
  readonly littleEndian?: boolean;
}

/** A type, and what its references are here. */
interface Entry {
  readonly type: BtfType;
  readonly renumber: (id: number) => number;
}

const same = (id: number) => id;

/**
 * Builds BTF. Types refer to each other by their ids: `add()` gives them, and {@link nextId} tells that of the type to be
 * added next, for one that points at itself. Two types that are alike stay two.
 *
 * @example
 * ```ts
 * const builder = new BtfBuilder();
 * const int = builder.add({ kind: 'int', name: 'int', size: 4, signed: true });
 * const self = builder.nextId;
 * builder.add({ kind: 'struct', name: 'node', size: 16, members: [
 *   { name: 'value', type: int, bitOffset: 0 },
 *   { name: 'next', type: self + 1, bitOffset: 64 },
 * ] });
 * builder.add({ kind: 'ptr', type: self });
 * console.log(Btf.parse(builder.bytes(), 'made by hand').toC());
 * ```
 */
export class BtfBuilder {
  readonly base: Btf | undefined;
  readonly littleEndian: boolean;
  readonly #types: Entry[] = [];

  constructor(options: BtfBuilderOptions = {}) {
    requireOptions('build BTF', options, ['base', 'littleEndian']);
    const { base, littleEndian = base?.littleEndian ?? host } = options;
    if (base !== undefined && !(base instanceof Btf)) throw argumentError('build BTF', 'a base is a Btf');
    if (base !== undefined && base.littleEndian !== littleEndian)
      throw argumentError('build BTF', 'the base has the other byte order');
    this.base = base;
    this.littleEndian = littleEndian;
  }

  /** The id of the type that is added next. */
  get nextId(): number {
    return (this.base?.count ?? 1) + this.#types.length;
  }

  /**
   * Adds a type.
   *
   * @param type - as `Btf.type()` gives one, whose own id counts for nothing; what is mostly 0, false or empty may be left
   * out
   * @returns its id
   * @throws BpfError `ERR_BPF_ARGUMENT` for what BTF cannot hold
   */
  add(type: NewBtfType): number {
    requireObject('add a BTF type', 'a type is an object, as { kind: "int", … }', type);
    const id = this.nextId;
    this.#types.push({ type: completeType(type, id), renumber: same });
    return id;
  }

  /**
   * Adds types of another BTF, and all that they refer to; those of a base that both have stay there.
   *
   * @param ids - those wanted; every type by default
   * @returns the ids that they have here, by those that they had
   */
  addAll(from: Btf, ids?: Iterable<number>): ReadonlyMap<number, number> {
    if (!(from instanceof Btf)) throw argumentError('add BTF types', 'types come from a Btf');
    const first = this.base !== undefined && from.base === this.base ? from.firstId : 1;
    const wanted = typesIn(from, ids, first);
    const places = new Map(wanted.map((id, at) => [id, this.nextId + at]));
    const renumber = (id: number) => places.get(id) ?? id;
    for (const id of wanted) this.#types.push({ type: from.type(id), renumber });
    return places;
  }

  /**
   * Raw BTF: what a `.BTF` section or a file of `/sys/kernel/btf` holds.
   *
   * @throws BpfError `ERR_BPF_ARGUMENT` where a type refers to one that is not there
   */
  bytes(): Uint8Array {
    const writer = new BtfWriter(this.littleEndian, this.base?.stringsEnd);
    const first = this.base?.count ?? 1;
    for (const [at, { type, renumber }] of this.#types.entries())
      writer.add(recordOf(type, id => this.#known(type, first + at, renumber(id))));
    return writer.bytes();
  }

  /** The types, to be read. @param subject - what errors call them */
  build(subject = 'built types'): Btf {
    return Btf.parse(this.bytes(), subject, this.base);
  }

  #known({ kind, name }: BtfType, id: number, other: number): number {
    if (other < this.nextId) return other;
    const reason = `type ${id} (${[kind, name].filter(Boolean).join(' ')}) refers to type ${other}`;
    throw argumentError('build BTF', `${reason}; the last is ${this.nextId - 1}`);
  }
}
