/** Entries as columns: a typed array for each number, an array for anything else. */
import type { Codec, StructCodec } from '../../codec/index.js';
import { type NumberArray, numberArrayOf } from '../memory/words.js';
import type { Slice, Sweep } from './sweep.js';

/** The column of a member: what JavaScript has for many of its type. */
export type ColumnOf<T> = T extends bigint
  ? BigInt64Array | BigUint64Array
  : [T] extends [number]
    ? Exclude<NumberArray, BigInt64Array | BigUint64Array> | number[]
    : T extends string | boolean | Uint8Array | readonly unknown[]
      ? T[]
      : T extends object
        ? { readonly [Name in keyof T]: ColumnOf<T[Name]> }
        : T[];

/** All entries of a map by column; those of one index belong together. */
export interface MapColumns<K, E> {
  /** How many entries. */
  readonly length: number;
  /** A column for a key that is one value, a column for each member of a struct. */
  readonly key: ColumnOf<K>;
  /** As {@link key}. */
  readonly value: ColumnOf<E>;
}

/** One column while it grows. */
interface Column {
  /** Adds the entries of a slice behind the `first` there are. */
  add(sweep: Sweep, slice: () => Slice, first: number, count: number): void;
  /** What it became. */
  finish(length: number): unknown;
}

/** Where a column comes from. */
interface Place {
  readonly codec: Codec<unknown>;
  readonly ofKeys: boolean;
  readonly offset: number;
  /** Bytes from one entry to the next. */
  readonly stride: number;
  /** How many entries there may be. */
  readonly most: number;
}

/** Makes the columns of keys or of values. */
export function columnOf(place: Place): Column {
  const { codec, offset } = place;
  if ('layout' in codec) {
    const { layout } = codec as StructCodec<Record<string, unknown>>;
    const members = Object.entries(layout).map(([name, [at, member]]): [string, Column] => {
      return [name, columnOf({ ...place, codec: member, offset: offset + at })];
    });
    return new StructColumn(members);
  }
  const kind = numberArrayOf(codec);
  return kind ? new NumberColumn(place, kind) : new ValueColumn(place);
}

/** Numbers that a column has room for before they come; pages that none comes to cost nothing. */
const mostAtOnce = 2 ** 21;

class NumberColumn implements Column {
  readonly #place: Place;
  readonly #kind: new (
    length: number,
  ) => NumberArray;
  #numbers: NumberArray;
  #bytes: Uint8Array;

  constructor(place: Place, kind: new (length: number) => NumberArray) {
    this.#place = place;
    this.#kind = kind;
    this.#numbers = new kind(0);
    this.#bytes = new Uint8Array(this.#numbers.buffer);
  }

  add(sweep: Sweep, slice: () => Slice, first: number, count: number): void {
    const { ofKeys, offset, stride, codec } = this.#place;
    if (first + count > this.#numbers.length) this.#grow(first + count);
    if (ofKeys || sweep.hasColumns) sweep.column(ofKeys, offset, codec.size, this.#bytes, first);
    else copyStrided(slice().entries, offset, stride, codec.size, this.#bytes, first, count);
  }

  finish(length: number): NumberArray {
    return this.#numbers.subarray(0, length);
  }

  #grow(least: number): void {
    const bytes = this.#bytes;
    const { most } = this.#place;
    this.#numbers = new this.#kind(Math.max(least, 2 * this.#numbers.length, Math.min(most, mostAtOnce)));
    this.#bytes = new Uint8Array(this.#numbers.buffer);
    this.#bytes.set(bytes);
  }
}

class ValueColumn implements Column {
  readonly #place: Place;
  readonly #values: unknown[] = [];

  constructor(place: Place) {
    this.#place = place;
  }

  add(_sweep: Sweep, slice: () => Slice, _first: number, count: number): void {
    const { ofKeys, offset, stride, codec } = this.#place;
    const { keys, entries } = slice();
    const view = ofKeys ? keys : entries;
    for (let i = 0, at = offset; i < count; i++, at += stride)
      this.#values.push(codec.read(view, at, at + codec.size));
  }

  finish(): unknown[] {
    return this.#values;
  }
}

class StructColumn implements Column {
  readonly #members: readonly (readonly [string, Column])[];

  constructor(members: readonly (readonly [string, Column])[]) {
    this.#members = members;
  }

  add(sweep: Sweep, slice: () => Slice, first: number, count: number): void {
    for (const [, column] of this.#members) column.add(sweep, slice, first, count);
  }

  finish(length: number): unknown {
    return Object.fromEntries(this.#members.map(([name, column]) => [name, column.finish(length)]));
  }
}

function copyStrided(
  from: DataView,
  offset: number,
  stride: number,
  size: number,
  out: Uint8Array,
  first: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    for (let byte = 0; byte < size; byte++)
      out[(first + i) * size + byte] = from.getUint8(offset + i * stride + byte);
  }
}
