/** Prints shapes: the codec expression and TypeScript type of each, declaring structs and enums when first met. */
import type {
  ArrayShape,
  BitsShape,
  EnumShape,
  MemberShape,
  Shape,
  StringShape,
  StructShape,
} from '../codec/index.js';
import { braces, type Code, layOut, typeBraces } from './layout.js';
import { numeral, property, quote, typeProperty } from './literal.js';
import { type Names, pascalCase } from './names.js';

/** Collects the declarations that a module's expressions refer to, and the names that it must import. */
export class TypePrinter {
  readonly #names: Names;
  readonly #typed: boolean;
  readonly #declared = new Map<Shape, string>();
  /** Names used from libbpf-ts. */
  readonly imports = new Set<string>();
  /** Declarations in an order in which each uses only earlier ones. */
  readonly declarations: string[] = [];

  /** @param typed - false for JavaScript, which has the codecs alone */
  constructor(names: Names, typed = true) {
    this.#names = names;
    this.#typed = typed;
  }

  /** The name of something of libbpf-ts, which the module will import. */
  use(name: string): string {
    this.imports.add(name);
    return name;
  }

  /**
   * The codec of a shape as an expression.
   *
   * @param place - what to call the type when it has no name of its own: where it is used
   */
  codec(shape: Shape, place: string): Code {
    switch (shape.kind) {
      case 'scalar':
        return this.use(shape.scalar);
      case 'text':
      case 'bytes':
        return this.#string(shape);
      case 'array':
        return this.#array(shape, place);
      case 'address':
        return this.use(shape.address);
      case 'bits':
        return this.#bits(shape, place);
      default:
        return this.#declare(shape, place);
    }
  }

  /** The TypeScript type of a shape's values. */
  type(shape: Shape, place: string): string {
    switch (shape.kind) {
      case 'scalar':
        return scalarType(shape.scalar);
      case 'text':
      case 'address':
        return 'string';
      case 'bytes':
        return 'Uint8Array';
      case 'array':
        return `${this.type(shape.of, place)}[]`;
      case 'bits':
        return this.type(shape.of, place);
      default:
        return this.#declare(shape, place);
    }
  }

  /** `struct<{ a: number }>('.rodata', 4, { a: [0, u32] })`: a struct that needs no name. */
  inlineStruct(shape: StructShape, place: string): Code {
    const fields = typeBraces(this.#fields(shape, place));
    return [
      this.use(shape.kind),
      ...(this.#typed ? ['<', fields, '>'] : []),
      `(${quote(shape.type)}, ${shape.size}, `,
      this.#layout(shape, place),
      ')',
    ];
  }

  #declare(shape: StructShape | EnumShape, place: string): string {
    const known = this.#declared.get(shape);
    if (known !== undefined) return known;
    const own = shape.type.replace(/^(struct|union|enum)( |$)/, '');
    const name = this.#names.take(pascalCase(own || place));
    this.#declared.set(shape, name);
    const text = 'values' in shape ? this.#enumeration(shape, name) : this.#struct(shape, name);
    this.declarations.push(text);
    return name;
  }

  #struct(shape: StructShape, name: string): string {
    // The codec first: it declares what the struct is made of before the struct itself.
    const layout = this.#layout(shape, name);
    const fields = layOut([`export interface ${name} `, typeBraces(this.#fields(shape, name), true)]);
    const type = this.#typed ? `<${name}>` : '';
    const head = `export const ${name} = ${this.use(shape.kind)}${type}(${quote(shape.type)}, ${shape.size}, `;
    return `${this.#typed ? `${fields}\n` : ''}${layOut([head, layout, ');'])}\n`;
  }

  #enumeration({ kind, type, scalar, values }: EnumShape, name: string): string {
    const names = braces(values.map(([each, value]) => property(each, numeral(value))));
    const head = `export const ${name} = ${this.use(kind)}(${quote(type)}, ${this.use(scalar)}, `;
    const value = `${layOut([head, names, ');'])}\n`;
    return this.#typed ? `${value}export type ${name} = ${this.use('ValueOf')}<typeof ${name}>;\n` : value;
  }

  #fields({ members }: StructShape, place: string): Code[] {
    return members.map(member => typeProperty(member.name, this.type(member.shape, placeOf(place, member))));
  }

  #layout({ members }: StructShape, place: string): Code {
    return braces(
      members.map(member => {
        const codec = this.codec(member.shape, placeOf(place, member));
        return property(member.name, [`[${member.offset}, `, codec, ']']);
      }),
    );
  }

  #string({ kind, length }: StringShape): string {
    return `${this.use(kind)}(${length ?? ''})`;
  }

  #array({ of, count }: ArrayShape, place: string): Code {
    return [`${this.use('array')}(`, this.codec(of, place), count === undefined ? ')' : `, ${count})`];
  }

  #bits({ of, skip, width }: BitsShape, place: string): Code {
    return [`${this.use('bits')}(`, this.codec(of, place), `, ${skip}, ${width})`];
  }
}

/** What an anonymous type is called: by its struct and member. */
function placeOf(struct: string, { name }: MemberShape): string {
  return `${struct}_${name}`;
}

function scalarType(scalar: string): string {
  if (scalar.startsWith('bool')) return 'boolean';
  if (/number|rounded/.test(scalar)) return 'number';
  return /64|128|pointer/.test(scalar) && !scalar.startsWith('f') ? 'bigint' : 'number';
}
