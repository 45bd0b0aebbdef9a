/** A batch as columns: chosen members as typed arrays, texts as numbers into a dictionary. */
import { type Codec, emittable, type InlineParts, Scope, scalars } from '../codec/index.js';
import { argumentError } from '../errors/arguments.js';
import { Dictionary, type TextColumn, Texts } from './dictionary.js';
import { headerBytes, type Memory } from './memory.js';

/** Numbers of one member, in the type that C has for it. */
export type NumberColumn =
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** A column for values of type `V`: texts by dictionary, integers and floats as typed arrays, others as they are. */
export type Column<V> = [V] extends [number]
  ? NumberColumn
  : [V] extends [bigint]
    ? BigUint64Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>
    : [V] extends [string]
      ? TextColumn | readonly V[]
      : readonly V[];

/** Columns by member. */
export type Columns<T, Names extends keyof T> = { readonly [Name in Names]: Column<T[Name]> };

type Making = new (length: number) => NumberColumn | BigInt64Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>;

const { u8, u16, u32, u64, s8, s16, s32, s64, f32, f64, pointer, u64number, s64number } = scalars;
const { u64rounded, s64rounded } = scalars;
/** Members that a typed array holds as they are. */
const arrays = new Map<unknown, Making>([
  [u8, Uint8Array],
  [s8, Int8Array],
  [u16, Uint16Array],
  [s16, Int16Array],
  [u32, Uint32Array],
  [s32, Int32Array],
  [u64, BigUint64Array],
  [pointer, BigUint64Array],
  [s64, BigInt64Array],
  [f32, Float32Array],
  [f64, Float64Array],
  [u64number, Float64Array],
  [s64number, Float64Array],
  [u64rounded, Float64Array],
  [s64rounded, Float64Array],
]);
/** 64-bit members are copied as two halves, so that no bigint is made. */
const halves: ReadonlySet<unknown> = new Set([u64, s64, pointer]);

type Fill = (memory: Memory, at: number, count: number, columns: readonly unknown[]) => void;

/** Makes columns of some members of one struct. */
export class ColumnReader {
  readonly #members: readonly (readonly [name: string, codec: Codec<unknown>])[];
  readonly #fill: Fill;
  readonly #dictionaries = new Map<string, Dictionary>();

  constructor(codec: Codec<unknown>, names: readonly string[]) {
    const layout = layoutOf(codec);
    const members = names.map(name => [name, ...required(layout, codec.type, name)] as const);
    this.#members = members.map(([name, , member]) => [name, member]);
    this.#fill = fillOf(members);
  }

  /** Records that the type can read. */
  read(memory: Memory, at: number, count: number): Record<string, unknown> {
    const columns = this.#members.map(([name, codec]) => this.#column(name, codec, count));
    this.#fill(memory, at, count, columns.map(inner));
    return Object.fromEntries(this.#members.map(([name], i) => [name, outer(columns[i])]));
  }

  #column(name: string, codec: Codec<unknown>, count: number): unknown {
    const Making = arrays.get(codec);
    if (Making !== undefined) return new Making(count);
    if (!isText(codec)) return new Array(count);
    let dictionary = this.#dictionaries.get(name);
    if (dictionary === undefined || dictionary.full)
      dictionary = new Dictionary(codec.flexible ? undefined : codec.size);
    this.#dictionaries.set(name, dictionary);
    return new Texts(dictionary, count);
  }
}

/** What the loop writes to. */
function inner(column: unknown): unknown {
  if (column instanceof Texts) return column;
  const wide = column instanceof BigUint64Array || column instanceof BigInt64Array;
  return wide ? new Uint32Array(column.buffer) : column;
}

function outer(column: unknown): unknown {
  return column instanceof Texts ? { indices: column.indices, values: column.values } : column;
}

function isText(codec: Codec<unknown>): boolean {
  return codec.type.startsWith('char[');
}

type Placed = readonly [name: string, at: number, codec: Codec<unknown>];

function fillOf(members: readonly Placed[]): Fill {
  const scope = new Scope();
  const names = members.map((_, i) => `c${i}`);
  const opening = members.flatMap(([, , codec], i) => {
    return isText(codec) ? [`const t${i} = c${i}.indices, d${i} = c${i}.dictionary.find;`] : [];
  });
  const steps = members.map(([, at, codec], i) => stepOf(i, at, codec, emittable(codec), scope));
  const body = `return (memory, at, count, [${names.join(', ')}]) => {
    const v = memory.view, w = memory.words, length = memory.length ?? 0;
    ${opening.join(' ')}
    for (let i = 0, o = at + ${headerBytes}; i < count; i++) {
      const e = o + (length || w[(o >>> 2) - 2]);
      ${steps.join('\n      ')}
      o = ((e + 7) & ~7) + ${headerBytes};
    }
  };`;
  return (scope.compile(body) as Fill | undefined) ?? slowFill(members);
}

/** One member of one record, into its column. */
function stepOf(
  i: number,
  at: number,
  codec: Codec<unknown>,
  part: InlineParts<unknown>,
  scope: Scope,
): string {
  if (halves.has(codec) && at % 4 === 0) {
    const from = `(o >>> 2) + ${at / 4}`;
    return `c${i}[2 * i] = w[${from}]; c${i}[2 * i + 1] = w[${from} + 1];`;
  }
  const end = part.flexible ? 'e' : `o + ${at + part.size}`;
  if (isText(codec)) return `t${i}[i] = d${i}(v, o + ${at}, ${end});`;
  const value = part.source(at, end, scope);
  if (halves.has(codec)) return `new BigUint64Array(c${i}.buffer)[i] = ${value};`;
  return `c${i}[i] = ${value};`;
}

function slowFill(members: readonly Placed[]): Fill {
  return ({ view, words }, at, count, columns) => {
    for (let index = 0, from = at; index < count; index++) {
      const start = from + headerBytes;
      const end = start + (words[from >>> 2] ?? 0);
      members.forEach(([, offset, codec], i) => {
        const part = emittable(codec);
        const first = start + offset;
        const last = part.flexible ? end : first + part.size;
        const column = columns[i];
        if (column instanceof Texts) column.indices[index] = column.dictionary.find(view, first, last);
        else store(column, index, part.take(view, first, last), codec);
      });
      from = (end + 7) & ~7;
    }
  };
}

function store(column: unknown, index: number, value: unknown, codec: Codec<unknown>): void {
  if (halves.has(codec))
    new BigUint64Array((column as Uint32Array<ArrayBuffer>).buffer)[index] = value as bigint;
  else (column as unknown[])[index] = value;
}

function layoutOf(codec: Codec<unknown>): Readonly<Record<string, readonly [number, Codec<unknown>]>> {
  if ('layout' in codec) return codec.layout as Readonly<Record<string, readonly [number, Codec<unknown>]>>;
  return { value: [0, codec] };
}

function required(
  layout: Readonly<Record<string, readonly [number, Codec<unknown>]>>,
  type: string,
  name: string,
): readonly [number, Codec<unknown>] {
  const member = Object.hasOwn(layout, name) ? layout[name] : undefined;
  if (member !== undefined) return member;
  throw argumentError(
    `make columns of ${type}`,
    `it has no member ${name}`,
    `it has ${Object.keys(layout).join(', ')}`,
  );
}
