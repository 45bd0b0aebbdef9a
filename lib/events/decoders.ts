/** What decodes the records of one type in each form, made when it is first asked for. */
import type { Codec } from '../codec/codec.js';
import { ColumnReader } from './columns.js';
import { cursorOf, type StartCursor } from './cursor.js';
import { RecordReader } from './records.js';

/** The decoders of one stream. */
export class Decoders<T> {
  readonly codec: Codec<T>;
  readonly records: RecordReader<T>;
  readonly #columns = new Map<string, ColumnReader>();
  #cursor: StartCursor<T> | undefined;

  constructor(codec: Codec<T>) {
    this.codec = codec;
    this.records = new RecordReader(codec);
  }

  get cursor(): StartCursor<T> {
    this.#cursor ??= cursorOf(this.codec);
    return this.#cursor;
  }

  columns(names: readonly string[]): ColumnReader {
    const key = names.join('\0');
    const known = this.#columns.get(key) ?? new ColumnReader(this.codec, names);
    this.#columns.set(key, known);
    return known;
  }
}
