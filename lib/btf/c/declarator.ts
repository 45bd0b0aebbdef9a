/** C declarations: a type and a name, as `int (*ops[4])(struct file *)`. */
import type { Btf } from '../btf.js';
import { malformedBtf } from '../malformed.js';
import type { BtfEnum, BtfFloat, BtfFuncProto, BtfFwd, BtfInt, BtfReference, BtfStruct } from '../type.js';
import { isBuiltIn } from './base-type.js';
import { Definition } from './definition.js';
import { UniqueNames } from './identifier.js';

/** Longer chains of pointers, arrays and functions do not come from a compiler. */
const deepest = 256;

/** What stands before a name or a star: `const `, type tags behind the type. */
interface Qualifiers {
  readonly before: string;
  readonly behind: string;
}

const none: Qualifiers = { before: '', behind: '' };

/** Parameters of functions that take functions multiply; no declaration of C's has a thousandth of this. */
const mostParts = 100_000;

/** Prints declarations; one prints a whole text, so that its names are unique. */
export class Declarator {
  readonly btf: Btf;
  /** Of structs, unions and enums. */
  readonly tags = new UniqueNames();
  /** Of typedefs and enumerators. */
  readonly ordinary = new UniqueNames();
  readonly #definition: Definition;
  #depth = 0;
  #parts = 0;

  constructor(btf: Btf) {
    this.btf = btf;
    this.#definition = new Definition(this);
  }

  /**
   * `type name;` without the semicolon.
   *
   * @param name - empty for the type alone
   * @param indent - of the line, for the body of an anonymous struct
   */
  declare(id: number, name: string, indent = ''): string {
    return this.#declare(id, name, none, indent).trimEnd();
  }

  /** `struct name { … }`, or `enum name { … }`. */
  define(type: BtfStruct | BtfEnum, indent = ''): string {
    return this.#definition.print(type, indent);
  }

  /** `struct name`. */
  tagged(type: BtfStruct | BtfEnum | BtfFwd): string {
    const { id, kind } = type;
    if (kind === 'fwd') return `${type.of} ${this.#forward(type)}`;
    return `${kind === 'enum64' ? 'enum' : kind} ${this.tags.of(id, type.name)}`;
  }

  /** A declared struct that is defined elsewhere in the same BTF is that one. */
  #forward({ id, of, name }: BtfFwd): string {
    const [defined] = this.btf.findAll(of, name);
    return this.tags.of(defined ?? this.btf.find('fwd', name) ?? id, name);
  }

  #declare(id: number, inner: string, qualifiers: Qualifiers, indent: string): string {
    // Counted over bodies of anonymous structs too, whose members are declared in the middle of this.
    if (this.#depth === 0) this.#parts = 0;
    if (++this.#depth > deepest || ++this.#parts > mostParts) throw tooLong(this.btf, id);
    const text = this.#declared(id, inner, qualifiers, indent);
    this.#depth--;
    return text;
  }

  #declared(id: number, inner: string, qualifiers: Qualifiers, indent: string): string {
    const type = this.btf.type(id);
    const then = (next: number, text: string, more = none) => this.#declare(next, text, more, indent);
    const { before, behind } = qualifiers;
    switch (type.kind) {
      case 'ptr':
        return then(type.type, this.#pointer(type.type, `*${before}${behind}${inner}`));
      case 'const':
      case 'volatile':
      case 'restrict':
        return then(type.type, inner, { before: withWord(before, type.kind), behind });
      case 'type_tag':
        return then(type.type, inner, { before, behind: `${attribute(type)} ${behind}` });
      case 'array':
        return then(type.type, `${inner}[${type.count}]`, qualifiers);
      case 'func_proto':
        return then(type.type, `${inner}(${this.#parameters(type, indent)})`);
      case 'typedef':
        if (isCompilers(type)) return then(type.type, inner, qualifiers);
    }
    return `${before}${this.#base(id, indent)} ${behind}${inner}`;
  }

  /** A star binds weaker than brackets. */
  #pointer(target: number, text: string): string {
    const kind = this.btf.kind(this.#behindQualifiers(target));
    return kind === 'array' || kind === 'func_proto' ? `(${text})` : text;
  }

  #behindQualifiers(id: number): number {
    let at = id;
    for (let hops = 0; isQualifier(this.btf.kind(at)); hops++) {
      at = (this.btf.type(at) as BtfReference).type;
      if (hops > deepest) throw tooLong(this.btf, id);
    }
    return at;
  }

  #parameters({ params, variadic }: BtfFuncProto, indent: string): string {
    const texts = params.map(({ name, type }) => this.#declare(type, name, none, indent).trimEnd());
    if (variadic) texts.push('...');
    return texts.join(', ') || 'void';
  }

  #base(id: number, indent: string): string {
    const type = this.btf.type(id);
    switch (type.kind) {
      case 'struct':
      case 'union':
      case 'enum':
      case 'enum64':
        return type.name === '' ? this.define(type, indent) : this.tagged(type);
      case 'fwd':
        return this.tagged(type);
      case 'typedef':
        return this.ordinary.of(id, type.name);
      case 'int':
      case 'float':
        return this.baseName(type);
      case 'void':
        return 'void';
      default:
        throw malformedBtf(
          this.btf.subject,
          `BTF type ${id}, ${type.kind} ${type.name}, stands where a type must`,
        );
    }
  }

  /** The name of an integer or float: C's own, or one that a typedef gives it. */
  baseName(type: BtfInt | BtfFloat): string {
    return isBuiltIn(type.name) ? type.name : this.ordinary.of(type.id, type.name);
  }
}

/** Names that the compiler keeps for itself: C text has what they stand for. */
export function isCompilers({ name }: BtfReference): boolean {
  return name.startsWith('__builtin_');
}

/** An array of constants may be constant too, and C says it once. */
function withWord(words: string, word: string): string {
  return words.includes(`${word} `) ? words : `${words}${word} `;
}

function isQualifier(kind: string): boolean {
  return kind === 'const' || kind === 'volatile' || kind === 'restrict' || kind === 'type_tag';
}

/** A tag that is an attribute of the compiler is printed only where it is a plain one. */
function attribute({ name, attribute }: BtfReference): string {
  if (!attribute) return `__attribute__((btf_type_tag(${JSON.stringify(name)})))`;
  return /^\w+(?:\([\w ,]*\))?$/.test(name) ? `__attribute__((${name}))` : '';
}

function tooLong(btf: Btf, id: number): Error {
  return malformedBtf(
    btf.subject,
    `BTF type ${id} is part of a chain of more than ${deepest} types, or of more than ${mostParts} in all`,
  );
}
