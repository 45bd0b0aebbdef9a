/** One type of a Btf to walk through: what C knows of it, and its text. */
import type { Btf } from './btf.js';
import { Declarator } from './c/declarator.js';
import { defineC } from './c/define.js';
import { layoutText } from './c/layout-text.js';
import { parseTypeName } from './c/type-name.js';
import { malformedBtf } from './malformed.js';
import type { BtfKind, BtfMember, BtfType } from './type.js';

/** A member of a struct or union. */
export interface CMember {
  /** Empty for an anonymous struct or union. */
  readonly name: string;
  readonly type: CType;
  /** From the start of the struct, in bits; in a big-endian type counted from the highest bit of each byte. */
  readonly bitOffset: number;
  /** From the start of the struct, in bytes; of a bitfield that of the byte it starts in. */
  readonly offset: number;
  /** Width of a bitfield, else 0. */
  readonly bits: number;
}

/** A C type. Two are the same type when `btf` and `id` are. */
export class CType {
  readonly btf: Btf;
  readonly id: number;

  /** @internal `Btf.get()` makes them. */
  constructor(btf: Btf, id: number) {
    this.btf = btf;
    this.id = id;
    btf.kind(id);
  }

  /** @internal */
  static named(btf: Btf, name: string): CType[] {
    const { kinds, bare } = parseTypeName(name);
    return kinds.flatMap(kind => btf.findAll(kind, bare).map(id => new CType(btf, id)));
  }

  /** Its record as BTF has it. */
  get record(): BtfType {
    return this.btf.type(this.id);
  }

  get kind(): BtfKind {
    return this.btf.kind(this.id);
  }

  /** Without `struct`; empty for an anonymous type, a pointer, an array. */
  get name(): string {
    return this.btf.name(this.id);
  }

  /** In bytes. @throws BpfError `ERR_BPF_BTF` for a type that has none, as a function */
  get size(): number {
    return this.btf.sizeOf(this.id);
  }

  /** In bytes, as the compiler chose it where the layout shows it: 1 for a packed struct. */
  get align(): number {
    return this.btf.alignOf(this.id);
  }

  /** What a pointer points at, an array is of, a name or qualifier stands for, a function returns. */
  get target(): CType | undefined {
    const { record } = this;
    return 'type' in record ? new CType(this.btf, record.type) : undefined;
  }

  /** The type under names, qualifiers and tags; itself where there are none. */
  get resolved(): CType {
    const id = this.btf.resolve(this.id);
    return id === this.id ? this : new CType(this.btf, id);
  }

  /** Of a struct or union, or what stands for one; else empty. */
  get members(): readonly CMember[] {
    const type = this.btf.type(this.btf.resolve(this.id));
    return 'members' in type ? type.members.map(member => placed(this.btf, member, 0)) : [];
  }

  /** Names and values of an enum, or what stands for one; else empty. */
  get values(): readonly { readonly name: string; readonly value: number | bigint }[] {
    const type = this.btf.type(this.btf.resolve(this.id));
    return 'values' in type ? type.values : [];
  }

  /** Parameters of a function or its prototype; else empty. */
  get params(): readonly { readonly name: string; readonly type: CType }[] {
    const { record } = this;
    const proto = record.kind === 'func' ? this.btf.type(record.type) : record;
    if (!('params' in proto)) return [];
    return proto.params.map(({ name, type }) => ({ name, type: new CType(this.btf, type) }));
  }

  /** Declaration tags on it: `__attribute__((btf_decl_tag("…")))`. */
  get tags(): readonly { readonly name: string; readonly component: number }[] {
    const tags = [...this.btf.ids('decl_tag')].map(id => this.btf.type(id));
    return tags.flatMap(tag => (tag.kind === 'decl_tag' && tag.type === this.id ? [tag] : []));
  }

  /**
   * A member by its path; those of anonymous structs and unions are in reach as in C. Offsets count from this type.
   *
   * @param path - as `se.load.weight`, through arrays by `tokens[2]`
   * @throws BpfError `ERR_BPF_BTF` that names the step that is not there
   */
  member(path: string): CMember {
    let found: CMember = { name: '', type: this, bitOffset: 0, offset: 0, bits: 0 };
    for (const step of path.match(/[^.[\]]+|\[\d+\]/g) ?? []) {
      const next = step.startsWith('[') ? element(found, step) : memberIn(found, step);
      if (!next) throw this.#noMember(found, step);
      found = next;
    }
    return found;
  }

  /** What C calls it: `struct task_struct`, `unsigned int`, `char *[4]`. */
  get cName(): string {
    return new Declarator(this.btf).declare(this.id, '').trim();
  }

  /** Its definition in C, as `struct point { … };`; a comment-free text that compiles after what it needs. */
  toString(): string {
    return defineC(this.btf, this.id);
  }

  /** A struct or union with the offset and size of each member, and its holes, as pahole shows it. */
  toLayout(): string {
    return this.members.length > 0 ? layoutText(this) : this.toString();
  }

  #noMember({ type }: CMember, step: string): Error {
    const known = type.members.map(({ name }) => name || '(anonymous)');
    const listed = `${known.slice(0, 12).join(', ')}${known.length > 12 ? ', …' : ''}`;
    const hint = known.length === 0 ? 'it has no members' : `it has ${listed}`;
    return malformedBtf(this.btf.subject, `${type.cName} has no member ${step}`, hint);
  }
}

/** The one type of that name. */
export function chosen(btf: Btf, name: string): CType {
  const [first, ...others] = CType.named(btf, name);
  if (!first) throw absent(btf, name);
  if (others.length === 0) return first;
  const ids = [first, ...others].map(({ id, kind }) => `${kind} ${id}`).join(', ');
  throw malformedBtf(btf.subject, `${name} may be ${ids}`, 'take one by its id');
}

/** The error for a name without its tag. */
function absent(btf: Btf, name: string): Error {
  const tagged = ['struct', 'union', 'enum'].map(tag => `${tag} ${name}`);
  const meant = tagged.filter(each => CType.named(btf, each).length > 0);
  const hint = meant.length > 0 ? `it has ${meant.join(' and ')}` : undefined;
  return malformedBtf(btf.subject, `there is no type ${name}`, hint);
}

function placed(btf: Btf, { name, type, bitOffset, bits }: BtfMember, base: number): CMember {
  const at = base + bitOffset;
  return { name, type: new CType(btf, type), bitOffset: at, offset: Math.floor(at / 8), bits };
}

/** @param seen - anonymous structs without that member */
function memberIn(
  { type: { btf, id }, bitOffset }: CMember,
  name: string,
  seen: Set<number> = new Set(),
): CMember | undefined {
  const type = btf.type(btf.resolve(id));
  if (!('members' in type) || seen.has(type.id) || seen.size > 1000) return undefined;
  seen.add(type.id);
  for (const member of type.members) {
    const at = placed(btf, member, bitOffset);
    if (member.name === name) return at;
    const inner = member.name === '' ? memberIn(at, name, seen) : undefined;
    if (inner) return inner;
  }
  return undefined;
}

function element({ type: { btf, id }, bitOffset }: CMember, step: string): CMember | undefined {
  const type = btf.type(btf.resolve(id));
  if (type.kind !== 'array') return undefined;
  const at = bitOffset + Number(step.slice(1, -1)) * btf.sizeOf(type.type) * 8;
  return { name: step, type: new CType(btf, type.type), bitOffset: at, offset: at / 8, bits: 0 };
}
