/** Types as C text that compiles: each after what it needs, names unique. */
import type { Btf } from '../btf.js';
import { malformedBtf } from '../malformed.js';
import type { BtfEnum, BtfFloat, BtfFwd, BtfInt, BtfKind, BtfReference, BtfStruct } from '../type.js';
import { builtIn, isBuiltIn } from './base-type.js';
import { Declarator, isCompilers } from './declarator.js';

/** Deepest chain of types that need each other; the kernel's own has some dozens. */
const deepest = 1000;

/** Characters of text for a byte of BTF, and for all of it: in reality it is one. A struct may be in every other one's. */
const [mostEach, mostAlways] = [8, 1 << 20];

const tagged: ReadonlySet<BtfKind> = new Set(['struct', 'union', 'enum', 'enum64']);
/** Most of a kernel's types, which need nothing of C's. */
const silent: ReadonlySet<BtfKind> = new Set(['func', 'var', 'datasec', 'decl_tag', 'void', 'unknown']);

/** All types, or those with the given ids and what they need. */
export function dumpC(btf: Btf, ids?: Iterable<number>): string {
  const dump = new Dump(btf);
  const enums: number[] = [];
  for (const id of ids ?? allIds(btf)) {
    const kind = btf.kind(id);
    // One that a struct or typedef embeds is printed there, or else at the end.
    if (!tagged.has(kind) || btf.name(id) !== '') dump.need(id, true);
    else if (kind.startsWith('enum')) enums.push(id);
  }
  for (const id of enums) dump.orphan(id);
  return dump.text;
}

function* allIds(btf: Btf): Generator<number> {
  for (let id = 1; id < btf.count; id++) yield id;
}

/** Collects definitions in an order in which each finds what it needs above itself. */
class Dump {
  readonly #btf: Btf;
  readonly #declarator: Declarator;
  readonly #done = new Set<number>();
  readonly #busy = new Set<number>();
  readonly #declared = new Set<string>();
  readonly #embedded = new Set<number>();
  readonly #parts: string[] = [];
  #length = 0;
  #depth = 0;

  constructor(btf: Btf) {
    this.#btf = btf;
    this.#declarator = new Declarator(btf);
  }

  get text(): string {
    return this.#parts.map(part => `${part};\n`).join('\n');
  }

  /** An enum without a name that nothing embeds. */
  orphan(id: number): void {
    if (!this.#embedded.has(id)) this.#add(this.#declarator.define(this.#btf.type(id) as BtfEnum));
  }

  /**
   * Prints what a type needs, then the type.
   *
   * @param whole - false where its name is enough, behind a pointer
   */
  need(id: number, whole: boolean): void {
    if (this.#done.has(id) || silent.has(this.#btf.kind(id))) return;
    if (++this.#depth > deepest) throw this.#endless(id);
    this.#need(id, whole);
    this.#depth--;
  }

  #add(part: string): void {
    this.#length += part.length;
    const most = mostEach * this.#btf.size + mostAlways;
    if (this.#length > most)
      throw malformedBtf(this.#btf.subject, `the types would be more than ${most} characters of C`);
    this.#parts.push(part);
  }

  #need(id: number, whole: boolean): void {
    const type = this.#btf.type(id);
    switch (type.kind) {
      case 'int':
      case 'float':
        this.#base(type);
        break;
      case 'ptr':
        this.need(type.type, false);
        break;
      case 'array':
        this.need(type.type, true);
        break;
      case 'const':
      case 'volatile':
      case 'restrict':
      case 'type_tag':
        this.need(type.type, whole);
        break;
      case 'typedef':
        this.#typedef(type, whole);
        break;
      case 'struct':
      case 'union':
        if (whole || type.name === '') this.#struct(type);
        else this.#declare(type);
        break;
      case 'enum':
      case 'enum64':
        this.#enum(type);
        break;
      case 'fwd':
        this.#declare(type);
        break;
      case 'func_proto':
        for (const { type: each } of [type, ...type.params]) this.need(each, false);
    }
  }

  #base(type: BtfInt | BtfFloat): void {
    this.#done.add(type.id);
    if (isBuiltIn(type.name)) return;
    const own = builtIn(type);
    // A width of no C type, as bytes: nothing is computed with it.
    const name = this.#declarator.baseName(type);
    this.#add(own ? `typedef ${own} ${name}` : `typedef struct { char bytes[${type.size}]; } ${name}`);
  }

  #typedef(type: BtfReference, whole: boolean): void {
    if (!this.#declared.has(`typedef ${type.id}`)) {
      if (this.#busy.has(type.id)) return;
      this.#busy.add(type.id);
      this.need(type.type, false);
      this.#declared.add(`typedef ${type.id}`);
      if (!isCompilers(type)) this.#print(type);
    }
    if (!whole) return;
    this.need(type.type, true);
    this.#done.add(type.id);
  }

  #print({ id, type, name }: BtfReference): void {
    this.#add(`typedef ${this.#declarator.declare(type, this.#declarator.ordinary.of(id, name))}`);
  }

  #struct(type: BtfStruct): void {
    if (this.#busy.has(type.id)) throw this.#endless(type.id);
    this.#busy.add(type.id);
    for (const member of type.members) this.need(member.type, true);
    this.#busy.delete(type.id);
    this.#done.add(type.id);
    if (type.name === '') return;
    this.#add(this.#declarator.define(type));
  }

  #enum(type: BtfEnum): void {
    if (type.name === '') {
      this.#embedded.add(type.id);
      return;
    }
    this.#done.add(type.id);
    this.#add(this.#declarator.define(type));
  }

  #declare(type: BtfStruct | BtfFwd): void {
    const tagged = this.#declarator.tagged(type);
    if (this.#declared.has(tagged)) return;
    this.#declared.add(tagged);
    this.#add(tagged);
  }

  #endless(id: number): Error {
    return malformedBtf(
      this.#btf.subject,
      `BTF type ${id} contains itself, or needs more than ${deepest} others`,
    );
  }
}
