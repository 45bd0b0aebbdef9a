/** Types that a declaration is made of: integers of C, names that the kernel's types have, and those of stdint.h. */
import type { Btf, BtfBuilder } from '../../doors/btf.js';
import type { KnownType } from './layout.js';

interface Integer {
  readonly name: string;
  readonly size: number;
  readonly signed: boolean;
}

const stdint: ReadonlyMap<string, Integer> = new Map(
  [1, 2, 4, 8].flatMap(size => {
    const bits = size * 8;
    const rows = [
      [`int${bits}_t`, `s${bits}`, `__s${bits}`, `int${bits}`],
      [`uint${bits}_t`, `u${bits}`, `__u${bits}`, `uint${bits}`],
    ];
    return rows.flatMap((names, at) => names.map(name => [name, { name, size, signed: at === 0 }] as const));
  }),
);

const others: ReadonlyMap<string, Integer> = new Map(
  Object.entries({
    size_t: { size: 8, signed: false },
    ssize_t: { size: 8, signed: true },
    uintptr_t: { size: 8, signed: false },
    intptr_t: { size: 8, signed: true },
    bool: { size: 1, signed: false },
    _Bool: { size: 1, signed: false },
  }).map(([name, row]) => [name, { name, ...row }]),
);

/** Words of C's own integers. */
export const integerWords: ReadonlySet<string> = new Set([
  'unsigned',
  'signed',
  'char',
  'short',
  'int',
  'long',
]);
/** Words that change nothing of how a type is read. */
export const qualifiers: ReadonlySet<string> = new Set([
  'const',
  'volatile',
  'restrict',
  '__restrict',
  'static',
  'extern',
  'register',
  '__user',
  '__kernel',
  '__rcu',
  '__extension__',
]);

export class BaseTypes {
  readonly #builder: BtfBuilder;
  readonly #base: Btf | undefined;
  readonly #integers = new Map<string, KnownType>();

  constructor(builder: BtfBuilder) {
    this.#builder = builder;
    this.#base = builder.base;
  }

  /** `unsigned long int`, by its words. */
  ofWords(words: readonly string[]): KnownType {
    const has = (word: string) => words.includes(word);
    const size = has('char') ? 1 : has('short') ? 2 : has('long') ? 8 : 4;
    // Characters have a sign where a C compiler gives them one; text is text with both.
    const name = has('char') && words.length === 1 ? 'char' : words.join(' ');
    return this.#integer({ name, size, signed: !has('unsigned') });
  }

  /** A name: of the kernel's types, or of stdint.h. */
  named(name: string): KnownType | undefined {
    const id = this.#base?.find('typedef', name) ?? this.#base?.find('int', name);
    if (id !== undefined) return this.ofBase(id);
    const known = stdint.get(name) ?? others.get(name);
    return known && this.#integer(known);
  }

  /** A struct, union or enum of the kernel's. */
  tagged(kind: 'struct' | 'union' | 'enum', name: string): KnownType | undefined {
    const id =
      this.#base?.find(kind, name) ?? (kind === 'enum' ? this.#base?.find('enum64', name) : undefined);
    return id === undefined ? undefined : this.ofBase(id);
  }

  ofBase(id: number): KnownType {
    const base = this.#base as Btf;
    const isWhole = !['void', 'fwd', 'func_proto'].includes(base.kind(base.resolve(id)));
    return isWhole ? { id, size: base.sizeOf(id), align: base.alignOf(id) } : { id, size: 0, align: 1 };
  }

  real(name: 'float' | 'double'): KnownType {
    const size = name === 'float' ? 4 : 8;
    return { id: this.#builder.add({ kind: 'float', name, size }), size, align: size };
  }

  #integer({ name, size, signed }: Integer): KnownType {
    const before = this.#integers.get(name);
    if (before !== undefined) return before;
    const bool = name === 'bool' || name === '_Bool';
    const id = this.#builder.add({ kind: 'int', name, size, signed, ...(bool && { bool }) });
    const made = { id, size, align: size };
    this.#integers.set(name, made);
    return made;
  }
}
