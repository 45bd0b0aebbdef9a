/** A batch without objects: one view that moves from record to record, with a getter for each member. */
import { type Codec, emittable, type Parts, Scope } from '../codec/index.js';
import { compiled } from './compiled.js';
import { headerBytes, type Memory, padded } from './memory.js';

/** The view of a type, and how it is put on a record. */
export interface Mover<T> {
  readonly record: T;
  /** Puts the view on the record at `offset`. */
  readonly move: (view: DataView, offset: number, end: number) => void;
}

/**
 * Goes through a batch; `record` is the same object all the time and shows the record that the cursor is at. A number
 * is read when its getter is called, and nothing is allocated for it.
 *
 * @example
 * ```ts
 * for await (const batch of bpf.maps.events.batches()) {
 *   const cursor = batch.cursor();
 *   while (cursor.next()) console.log(cursor.record.pid);
 * }
 * ```
 */
export class Cursor<T> {
  readonly #memory: Memory;
  readonly #mover: Mover<T>;
  readonly #size: number;
  readonly #fail: (length: number) => never;
  #at: number;
  #left: number;
  /** The current record, once {@link next} has answered true. */
  readonly record: Readonly<T>;

  /** @internal */
  constructor(mover: Mover<T>, codec: Codec<T>, memory: Memory, at: number, count: number) {
    this.#mover = mover;
    this.record = mover.record;
    this.#size = codec.size;
    this.#fail = length => codec.read(memory.view, 0, length) as never;
    this.#memory = memory;
    this.#at = at;
    this.#left = count;
  }

  /**
   * Goes on to the next record; false at the end.
   *
   * @throws BpfError `ERR_BPF_RECORD` for a record that is shorter than its type; the next call goes on behind it.
   */
  next(): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    const { words, view } = this.#memory;
    const length = words[this.#at >>> 2] ?? 0;
    const start = this.#at + headerBytes;
    this.#at = start + padded(length);
    if (length < this.#size) this.#fail(length);
    this.#mover.move(view, start, start + length);
    return true;
  }
}

/** The view of a type: a getter for each member of a struct, for other types `value`. */
export function moverOf<T>(codec: Codec<T>): Mover<T> {
  const members = membersOf(codec);
  const scope = new Scope();
  const getters = members.map(([name, at, part]) => {
    const end = part.flexible ? 'e' : `o + ${at + part.size}`;
    return `get [${JSON.stringify(name)}]() { return ${part.source(at, end, scope)}; }`;
  });
  const body = `let v, o = 0, e = 0;
    return { record: { ${getters.join(', ')} }, move(view, offset, end) { v = view; o = offset; e = end; } };`;
  return compiled(scope, body, () => slowMover<T>(members));
}

type Member = readonly [name: string, at: number, part: Parts<unknown>];

function membersOf(codec: Codec<unknown>): readonly Member[] {
  if (!('layout' in codec)) return [['value', 0, emittable(codec)]];
  const layout = codec.layout as Readonly<Record<string, readonly [number, Codec<unknown>]>>;
  return Object.entries(layout).map(([name, [at, member]]) => [name, at, emittable(member)]);
}

function slowMover<T>(members: readonly Member[]): Mover<T> {
  let place: { view: DataView; offset: number; end: number } = {
    view: new DataView(new ArrayBuffer(0)),
    offset: 0,
    end: 0,
  };
  const record = {};
  for (const [name, at, part] of members) {
    const get = () => {
      const start = place.offset + at;
      return part.take(place.view, start, part.flexible ? place.end : start + part.size);
    };
    Object.defineProperty(record, name, { get, enumerable: true });
  }
  const move = (view: DataView, offset: number, end: number) => {
    place = { view, offset, end };
  };
  return { record: record as T, move };
}
