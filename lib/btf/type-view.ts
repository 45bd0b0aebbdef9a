/** One type record as an object: made when asked for, never kept. */

import type { BtfEnum, BtfInt, BtfKind, BtfLinkage, BtfMember, BtfType } from './type.js';
import { headWords, lengthOfInfo } from './type-index.js';

/** What a view needs of the BTF it is made from. */
export interface TypeSource {
  readonly words: Uint32Array;
  /** A name by string offset, base BTF included. */
  text(offset: number): string;
  /**
   * The bits of an integer under names and qualifiers, where it has fewer than its bytes; undefined for others.
   *
   * @param any - true for one that uses all of them too
   */
  narrowInt(id: number, any: boolean): Pick<BtfInt, 'bits' | 'bitOffset'> | undefined;
}

/** A record's position, and its info word taken apart. */
interface Record {
  readonly source: TypeSource;
  /** Index of the first word after the head. */
  readonly body: number;
  readonly vlen: number;
  readonly flag: boolean;
  /** Third word: a size or a type id. */
  readonly third: number;
}

/** Reads the record of type `id` that starts at word `at`. */
export function viewType(source: TypeSource, kind: BtfKind, id: number, at: number): BtfType {
  const { words } = source;
  const info = word(words, at + 1);
  const record = {
    source,
    body: at + headWords,
    vlen: lengthOfInfo(info),
    flag: info >>> 31 === 1,
    third: word(words, at + 2),
  };
  return details(kind, id, source.text(word(words, at)), record);
}

/** Literals without spreads of what they have in common: these are made by the hundred thousand. */
function details(kind: BtfKind, id: number, name: string, record: Record): BtfType {
  const { source, body, flag, third } = record;
  switch (kind) {
    case 'void':
    case 'unknown':
      return { kind, id, name };
    case 'int':
      return { kind, id, name, size: third, ...intEncoding(word(source.words, body)) };
    case 'float':
      return { kind, id, name, size: third };
    case 'fwd':
      return { kind, id, name, of: flag ? 'union' : 'struct' };
    case 'array':
      return { kind, id, name, ...arrayParts(record) };
    case 'struct':
    case 'union':
      return { kind, id, name, size: third, members: members(record) };
    case 'enum':
    case 'enum64':
      return { kind, id, name, size: third, signed: flag, values: enumValues(kind, record) };
    case 'func':
      return { kind, id, name, type: third, linkage: linkage(record.vlen) };
    case 'func_proto':
      return { kind, id, name, type: third, ...parameters(record) };
    case 'var':
      return { kind, id, name, type: third, linkage: linkage(word(source.words, body)) };
    case 'datasec':
      return { kind, id, name, size: third, variables: variables(record) };
    case 'decl_tag':
      return { kind, id, name, type: third, component: word(source.words, body) | 0, attribute: flag };
    default:
      return { kind, id, name, type: third, attribute: flag };
  }
}

/** The extra word of an int: `encoding << 24 | offset << 16 | bits`. */
export function intEncoding(info: number) {
  const [signed, bool] = [(info & (1 << 24)) !== 0, (info & (4 << 24)) !== 0];
  return { bits: info & 0xff, bitOffset: (info >>> 16) & 0xff, signed, bool };
}

function arrayParts({ source, body }: Record) {
  const { words } = source;
  return { type: word(words, body), indexType: word(words, body + 1), count: word(words, body + 2) };
}

function members(record: Record): readonly BtfMember[] {
  const { source, flag } = record;
  return entries(record, 3, at => {
    const [name, type] = [source.text(word(source.words, at)), word(source.words, at + 1)];
    const place = word(source.words, at + 2);
    return flag
      ? { name, type, bitOffset: place & 0xffffff, bits: place >>> 24 }
      : plainMember(source, name, type, place);
  });
}

/** Without the kind flag, the width of a bitfield is that of its int type. */
function plainMember(source: TypeSource, name: string, type: number, bitOffset: number): BtfMember {
  const int = source.narrowInt(type, bitOffset % 8 !== 0);
  if (!int) return { name, type, bitOffset, bits: 0 };
  return { name, type, bitOffset: bitOffset + int.bitOffset, bits: int.bits };
}

function enumValues(kind: 'enum' | 'enum64', record: Record): BtfEnum['values'] {
  const { source, flag } = record;
  const { words } = source;
  if (kind === 'enum') {
    return entries(record, 2, at => {
      const value = word(words, at + 1);
      return { name: source.text(word(words, at)), value: flag ? value | 0 : value };
    });
  }
  return entries(record, 3, at => {
    const value = (BigInt(word(words, at + 2)) << 32n) | BigInt(word(words, at + 1));
    return { name: source.text(word(words, at)), value: flag ? BigInt.asIntN(64, value) : value };
  });
}

/** A last parameter with neither name nor type is `...`. */
function parameters(record: Record) {
  const { source } = record;
  const all = entries(record, 2, at => ({
    name: source.text(word(source.words, at)),
    type: word(source.words, at + 1),
  }));
  const last = all.at(-1);
  const variadic = last?.type === 0 && last.name === '';
  return { params: variadic ? all.slice(0, -1) : all, variadic };
}

function variables(record: Record) {
  const { words } = record.source;
  return entries(record, 3, at => ({
    type: word(words, at),
    offset: word(words, at + 1),
    size: word(words, at + 2),
  }));
}

function entries<T>({ body, vlen }: Record, size: number, read: (at: number) => T): T[] {
  const found: T[] = [];
  for (let i = 0, at = body; i < vlen; i++, at += size) found.push(read(at));
  return found;
}

function linkage(value: number): BtfLinkage {
  return value === 0 ? 'static' : value === 2 ? 'extern' : 'global';
}

/** The index pass has checked that every record ends inside the words. */
function word(words: Uint32Array, at: number): number {
  return words[at] ?? 0;
}
