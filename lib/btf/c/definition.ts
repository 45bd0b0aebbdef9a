/** Definitions of structs, unions and enums in C, whose layout is the one that BTF says. */
import { isPacked } from '../layout.js';
import { malformedBtf } from '../malformed.js';
import type { BtfEnum, BtfMember, BtfStruct } from '../type.js';
import type { Declarator } from './declarator.js';
import { identifier } from './identifier.js';

/** Anonymous structs nest less deep than this in any code. */
const deepest = 32;
/** Nor are there so many in one struct; a hostile one multiplies them by nesting. */
const mostBodies = 1000;

/** Lines of one definition: thousands at most in any code. */
const mostLines = 200_000;

/** Prints definitions for a declarator, which prints members for it. */
export class Definition {
  readonly #declarator: Declarator;
  #depth = 0;
  #bodies = 0;
  #lines = 0;

  constructor(declarator: Declarator) {
    this.#declarator = declarator;
  }

  /** `struct name { … }`; its lines after the first start with `indent`. */
  print(type: BtfStruct | BtfEnum, indent: string, head = this.#head(type)): string {
    if (this.#depth === 0) this.#bodies = this.#lines = 0;
    this.#lines += 'members' in type ? type.members.length : type.values.length;
    if (this.#depth >= deepest || ++this.#bodies > mostBodies || this.#lines > mostLines)
      throw this.#tooDeep(type.id);
    this.#depth++;
    const text = 'members' in type ? this.#struct(type, indent, head) : this.#enum(type, indent, head);
    this.#depth--;
    return text;
  }

  #head(type: BtfStruct | BtfEnum): string {
    const keyword = type.kind === 'enum64' ? 'enum' : type.kind;
    return type.name === '' ? keyword : this.#declarator.tagged(type);
  }

  #struct(type: BtfStruct, indent: string, head: string): string {
    const packed = isPacked(this.#declarator.btf, type);
    const deeper = `${indent}\t`;
    const lines = type.kind === 'struct' ? this.#members(type, deeper, packed) : this.#variants(type, deeper);
    const body = lines.map(line => `${deeper}${line};\n`).join('');
    return `${head} {${body && `\n${body}${indent}`}}${packed ? ' __attribute__((packed))' : ''}`;
  }

  /** Members in their places; what the compiler would not leave free by itself is named as padding. */
  #members(type: BtfStruct, indent: string, packed: boolean): string[] {
    const { btf } = this.#declarator;
    const lines: string[] = [];
    let at = 0;
    let widest = 1;
    for (const member of type.members) {
      const align = packed ? 1 : btf.alignOf(member.type);
      const size = btf.sizeOf(member.type) * 8;
      widest = Math.max(widest, align);
      if (placed(at, member, size, align, packed) < member.bitOffset)
        lines.push(...this.#padding(at, member.bitOffset));
      lines.push(this.#member(member, indent));
      at = member.bitOffset + (member.bits || size);
    }
    return roundUp(at, widest * 8) < type.size * 8 ? [...lines, ...this.#padding(at, type.size * 8)] : lines;
  }

  /** A union that is larger than its members gets one that is as large. */
  #variants(type: BtfStruct, indent: string): string[] {
    const { btf } = this.#declarator;
    const lines = type.members.map(member => this.#member(member, indent));
    const sizes = type.members.map(({ type, bits }) => Math.ceil((bits || btf.sizeOf(type) * 8) / 8));
    const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
    if (roundUp(largest, btf.alignOf(type.id)) >= type.size) return lines;
    const padding = this.#padding(0, type.size * 8).map(line => `${indent}\t${line};\n`);
    return [...lines, `struct {\n${padding.join('')}${indent}}`];
  }

  #member({ name, type, bits }: BtfMember, indent: string): string {
    const { btf } = this.#declarator;
    const unnamed = name === '' ? btf.type(btf.resolve(type)) : undefined;
    // Of `struct tag;` as a member, -fms-extensions makes an anonymous struct, and plain C nothing.
    if (unnamed && 'members' in unnamed) return this.print(unnamed, indent, unnamed.kind);
    const text = this.#declarator.declare(type, name === '' ? '' : identifier(name), indent);
    return bits === 0 ? text : `${text}: ${bits}`;
  }

  /** Unnamed bitfields, none of which crosses the end of its unit. */
  #padding(from: number, to: number): string[] {
    const [unit, name] = this.#declarator.btf.pointerSize === 8 ? [64, 'long'] : [32, 'int'];
    if (to - from > mostPadding)
      return [`char ${this.#declarator.ordinary.take('__padding')}[${(to - from) / 8}]`];
    const lines: string[] = [];
    for (let at = from; at < to; ) {
      const width = Math.min(to - at, unit - (at % unit));
      lines.push(`${name}: ${width}`);
      at += width;
    }
    return lines;
  }

  #enum(type: BtfEnum, indent: string, head: string): string {
    const negative = !type.signed && !this.#declarator.btf.signsEnums;
    const lines = type.values.map(({ name, value }) => {
      const unique = this.#declarator.ordinary.take(name);
      return `${indent}\t${unique} = ${numeral(negative ? Number(value) | 0 : value)},\n`;
    });
    // C has no enums without enumerators.
    const body = lines.join('') || `${indent}\t${this.#declarator.ordinary.take('__empty')} = 0,\n`;
    return `${head} {\n${body}${indent}}${mode(type)}`;
  }

  #tooDeep(id: number): Error {
    const reason = `BTF type ${id} contains itself, or nests deeper than any C does`;
    return malformedBtf(this.#declarator.btf.subject, reason);
  }
}

/** Longer padding is one array, of whole bytes. */
const mostPadding = 64 * 64;

/** Where the compiler puts a member by itself, in bits. */
function placed(at: number, { bits }: BtfMember, size: number, align: number, packed: boolean): number {
  if (bits === 0) return roundUp(at, align * 8);
  const crosses = Math.floor(at / size) !== Math.floor((at + bits - 1) / size);
  return crosses && !packed ? roundUp(at, align * 8) : at;
}

function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

function numeral(value: number | bigint): string {
  const wide = value < -(2n ** 31n) || value >= 2n ** 31n;
  if (value === -(2n ** 63n)) return `(-${2n ** 63n - 1n}LL - 1)`;
  if (!wide) return `${value}`;
  return `${value}${value < 0 ? 'LL' : value < 2n ** 32n ? 'U' : 'ULL'}`;
}

/** The size of an enum, where the compiler would choose another. */
function mode({ size, values }: BtfEnum): string {
  const wide = values.some(({ value }) => value < -(2n ** 31n) || value >= 2n ** 32n);
  const modes: Readonly<Record<number, string>> = { 1: 'QI', 2: 'HI', 8: wide ? '' : 'DI' };
  const name = modes[size];
  return name ? ` __attribute__((mode(${name})))` : '';
}
