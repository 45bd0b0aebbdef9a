/** C declarations of a script, as types that continue the kernel's. */
import { type Btf, BtfBuilder } from '../../doors/btf.js';
import type { Script, Span } from '../text/script.js';
import { parseAttributes, skipParentheses } from './attributes.js';
import { BaseTypes, integerWords, qualifiers } from './base-types.js';
import { parseConstant } from './constant.js';
import { addEnumeration } from './enumeration.js';
import { type Attributes, type DeclaredMember, type KnownType, layOut } from './layout.js';
import { Words } from './words.js';

type Tag = 'struct' | 'union' | 'enum';

const pointer = { size: 8, align: 8 } as const;
const unknownSize = { size: 0, align: 1 } as const;
/** Elements of an array, and bytes of a struct: more is a mistake. */
const mostElements = 2 ** 20;

/** What a declarator makes of a type. */
interface Declarator {
  readonly name: string;
  readonly type: KnownType;
}

/**
 * Declares types one after the other. What a script declares stands for what the kernel calls so, from there on.
 *
 * @throws BpfError with the place of what is no declaration
 */
export function declaredTypes(
  list: readonly Span[],
  script: Script,
  base: Btf | undefined,
  constants: ReadonlyMap<string, bigint>,
): Btf {
  const declarations = new Declarations(base, constants);
  for (const each of list) declarations.declare(new Words(script, each));
  return declarations.build();
}

class Declarations {
  readonly #builder: BtfBuilder;
  readonly #bases: BaseTypes;
  readonly #tags = new Map<string, KnownType>();
  readonly #typedefs = new Map<string, KnownType>();
  readonly #constants: Map<string, bigint>;
  readonly #known = (name: string) => this.#constants.get(name);
  /** Arrays without a length. */
  readonly #flexible = new Set<number>();

  constructor(base: Btf | undefined, constants: ReadonlyMap<string, bigint>) {
    this.#builder = new BtfBuilder(base === undefined ? {} : { base });
    this.#bases = new BaseTypes(this.#builder);
    this.#constants = new Map(constants);
  }

  build(): Btf {
    return this.#builder.build('the script');
  }

  declare(words: Words): void {
    const isTypedef = words.accept('typedef');
    const type = this.#specifier(words);
    while (!words.accept(';') && words.token.kind !== 'end') {
      const declared = this.#declarator(words, type);
      if (!isTypedef)
        throw words.refuse(words.token, `a script declares types, and ${declared.name} is a variable`);
      const id = this.#builder.add({ kind: 'typedef', name: declared.name, type: declared.type.id });
      this.#typedefs.set(declared.name, { ...declared.type, id });
      words.accept(',');
    }
  }

  /** What stands before the name. */
  #specifier(words: Words): KnownType {
    const start = words.token;
    const integer: string[] = [];
    let found: KnownType | undefined;
    for (;;) {
      const { kind, text } = words.token;
      if (text === '__attribute__') parseAttributes(words, this.#known);
      else if (kind !== 'name') break;
      else if (qualifiers.has(text)) words.take();
      else if (integerWords.has(text)) integer.push(words.take().text);
      else if (found !== undefined || integer.length > 0) break;
      else found = this.#named(words);
    }
    if (integer.length > 0) return this.#bases.ofWords(integer);
    if (found === undefined) throw words.refuse(start, 'expected a type', 'as int, or struct sock');
    return found;
  }

  #named(words: Words): KnownType {
    const token = words.take();
    const { text } = token;
    if (text === 'struct' || text === 'union' || text === 'enum') return this.#tagged(words, text);
    if (text === 'void') return { id: 0, ...unknownSize };
    if (text === 'float' || text === 'double') return this.#bases.real(text);
    const known = this.#typedefs.get(text) ?? this.#bases.named(text);
    if (known === undefined) throw words.refuse(token, `there is no type ${text}`, 'declare it before');
    return known;
  }

  #tagged(words: Words, kind: Tag): KnownType {
    const before = parseAttributes(words, this.#known);
    const name = words.token.kind === 'name' ? words.take().text : '';
    if (!words.is('{')) return this.#mentioned(kind, name);
    const made = words.nested(() =>
      kind === 'enum' ? this.#enum(words, name) : this.#struct(words, kind, name, before),
    );
    if (name !== '') this.#tags.set(`${kind} ${name}`, made);
    return made;
  }

  /** One that is declared elsewhere, or nowhere: a pointer may point to it all the same. */
  #mentioned(kind: Tag, name: string): KnownType {
    const known = this.#tags.get(`${kind} ${name}`) ?? this.#bases.tagged(kind, name);
    if (known !== undefined) return known;
    const made = {
      id: this.#builder.add({ kind: 'fwd', name, of: kind === 'union' ? 'union' : 'struct' }),
      ...unknownSize,
    };
    this.#tags.set(`${kind} ${name}`, made);
    return made;
  }

  #struct(words: Words, kind: 'struct' | 'union', name: string, before: Attributes): KnownType {
    words.take();
    const members: DeclaredMember[] = [];
    while (!words.accept('}')) this.#members(words, members);
    const behind = parseAttributes(words, this.#known);
    const attributes = {
      isPacked: before.isPacked || behind.isPacked,
      align: Math.max(before.align, behind.align),
    };
    const { members: placed, size, align } = layOut(members, kind === 'union', attributes);
    return { id: this.#builder.add({ kind, name, size, members: placed }), size, align };
  }

  /** A type, and the members that have it. The last semicolon may be left out, as bpftrace lets it. */
  #members(words: Words, members: DeclaredMember[]): void {
    const start = words.token;
    const type = this.#specifier(words);
    do {
      const { name, type: own } =
        words.is(';') || words.is(':') ? { name: '', type } : this.#declarator(words, type);
      const width = words.accept(':') ? Number(parseConstant(words, this.#known)) : undefined;
      if (width !== undefined && (width < 0 || width > own.size * 8))
        throw words.refuse(start, `a bit field of ${own.size * 8} bits has 0 to that many, not ${width}`);
      if (own.size === 0 && !this.#flexible.has(own.id))
        throw words.refuse(start, `nothing is known of the type of ${name}`);
      parseAttributes(words, this.#known);
      members.push({ name, type: own, ...(width !== undefined && { width }) });
    } while (words.accept(','));
    if (!words.is('}')) words.expect(';', 'behind a member');
  }

  #enum(words: Words, name: string): KnownType {
    words.take();
    const values: { name: string; value: number | bigint }[] = [];
    let next = 0n;
    while (!words.accept('}')) {
      const each = words.name('the name of a constant').text;
      if (words.accept('=')) next = parseConstant(words, this.#known);
      values.push({ name: each, value: next });
      this.#constants.set(each, next++);
      if (!words.is('}')) words.expect(',', 'between two constants');
    }
    parseAttributes(words, this.#known);
    return addEnumeration(
      this.#builder,
      name,
      values.map(each => ({ ...each, value: BigInt(each.value) })),
    );
  }

  #declarator(words: Words, type: KnownType): Declarator {
    let of = type;
    while (words.is('*') || qualifiers.has(words.token.text))
      if (words.take().text === '*') of = this.#pointer(of);
    if (words.accept('(')) return this.#functionPointer(words);
    const { text: name } = words.name('the name of a member');
    return { name, type: this.#array(words, of) };
  }

  /** Of `int (*f)(int)` the name counts: it points to what is not read. */
  #functionPointer(words: Words): Declarator {
    words.expect('*', 'behind (');
    const name = words.name('the name of a function pointer').text;
    words.expect(')', 'behind the name');
    skipParentheses(words);
    return { name, type: this.#pointer({ id: 0, ...unknownSize }) };
  }

  #pointer(to: KnownType): KnownType {
    return { id: this.#builder.add({ kind: 'ptr', type: to.id }), ...pointer };
  }

  #array(words: Words, of: KnownType): KnownType {
    if (!words.accept('[')) return of;
    const start = words.token;
    const count = words.is(']') ? 0n : parseConstant(words, this.#known);
    words.expect(']', 'behind the number of elements');
    const element = this.#array(words, of);
    if (count < 0n || Number(count) * element.size > mostElements)
      throw words.refuse(start, `an array of ${count} elements is too big`);
    const indexType = this.#bases.ofWords(['unsigned', 'int']).id;
    const id = this.#builder.add({ kind: 'array', type: element.id, indexType, count: Number(count) });
    if (count === 0n) this.#flexible.add(id);
    return { id, size: element.size * Number(count), align: element.align };
  }
}
