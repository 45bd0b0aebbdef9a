/** What decodes the records of one type in each form, made when it is first asked for. */
import { type Codec, leastOf, type ReadRows, rowsOf } from '../codec/index.js';
import { ColumnReader } from './columns.js';
import { cursorOf, type StartCursor } from './cursor.js';
import { headerBytes, type Memory, padded } from './memory.js';

/** Decodes a batch as objects: one loop for each type, straight over the memory. */
class RecordReader<T> {
  readonly #codec: Codec<T>;
  readonly #alike: ReadRows<T>;

  constructor(codec: Codec<T>) {
    this.#codec = codec;
    this.#alike = rowsOf(codec);
  }

  /**
   * All records from `at` on.
   *
   * @throws BpfError `ERR_BPF_RECORD` at one that its type cannot read.
   */
  read(memory: Memory, at: number, count: number): T[] {
    const { length } = memory;
    if (length === undefined || length < leastOf(this.#codec) || this.#codec.flexible)
      return this.#each(memory, at, count);
    return this.#alike(memory.view, at + headerBytes, headerBytes + padded(length), count);
  }

  #each({ words, view }: Memory, at: number, count: number): T[] {
    const records: T[] = [];
    for (let index = 0, from = at; index < count; index++) {
      const start = from + headerBytes;
      const end = start + (words[from / 4] ?? 0);
      records.push(this.#codec.read(view, start, end));
      from = padded(end);
    }
    return records;
  }
}

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
