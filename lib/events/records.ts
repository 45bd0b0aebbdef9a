/** A batch as objects: one loop for each type, straight over the memory. */
import { type Codec, emittable, Scope } from '../codec/index.js';
import { headerBytes, type Memory, padded } from './memory.js';

/** Decodes `count` records that have the same length, from `at` on. */
type ReadAlike<T> = (memory: Memory, at: number, count: number, step: number) => T[];

/** Decodes parts of batches. */
export class RecordReader<T> {
  readonly #codec: Codec<T>;
  #alike: ReadAlike<T> | undefined;

  constructor(codec: Codec<T>) {
    this.#codec = codec;
  }

  /**
   * All records from `at` on.
   *
   * @throws BpfError `ERR_BPF_RECORD` at one that its type cannot read.
   */
  read(memory: Memory, at: number, count: number): T[] {
    const { length } = memory;
    if (length === undefined || length < this.#codec.size || this.#codec.flexible)
      return this.#each(memory, at, count);
    this.#alike ??= readAlike(this.#codec);
    return this.#alike(memory, at, count, headerBytes + padded(length));
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

function readAlike<T>(codec: Codec<T>): ReadAlike<T> {
  const scope = new Scope();
  const { source, take } = emittable(codec);
  const body = `return (memory, at, count, step) => {
    const v = memory.view, records = new Array(count);
    for (let i = 0, o = at + ${headerBytes}; i < count; i++, o += step) records[i] = ${source(0, 'o + step', scope)};
    return records;
  };`;
  const loop = scope.compile(body) as ReadAlike<T> | undefined;
  return (
    loop ??
    ((memory, at, count, step) => {
      const start = at + headerBytes;
      return Array.from({ length: count }, (_, i) =>
        take(memory.view, start + i * step, start + (i + 1) * step),
      );
    })
  );
}
