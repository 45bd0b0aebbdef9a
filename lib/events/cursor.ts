/** A batch without objects: one view that moves from record to record, with a getter for each member. */
import { type Codec, emittable, type InlineParts, leastOf, Scope } from '../codec/index.js';
import { headerBytes, type Memory } from './memory.js';

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
export interface Cursor<T> {
  /** The current record, once {@link next} has answered true. Of a type that is no struct: its `value`. */
  readonly record: Readonly<T>;
  /**
   * Goes on to the next record; false at the end.
   *
   * @throws BpfError `ERR_BPF_RECORD` for a record that is shorter than its type; the next call goes on behind it.
   */
  next(): boolean;
}

/** The cursor of one type, put at the beginning of a batch. */
export type StartCursor<T> = (memory: Memory, at: number, count: number) => Cursor<T>;

const known = new WeakMap<object, StartCursor<unknown>>();

/** One cursor for each type: code that several types share is slow for all of them. */
export function cursorOf<T>(codec: Codec<T>): StartCursor<T> {
  const start = (known.get(codec) as StartCursor<T> | undefined) ?? makeCursor(codec);
  known.set(codec, start as StartCursor<unknown>);
  return start;
}

function makeCursor<T>(codec: Codec<T>): StartCursor<T> {
  const members = membersOf(codec);
  const scope = new Scope({ aligned: true });
  const getters = members.map(([name, at, part]) => {
    const end = part.flexible ? 'e' : `o + ${at + part.size}`;
    return `get [${JSON.stringify(name)}]() { return ${part.source(at, end, scope)}; }`;
  });
  const fail = scope.constant((length: number) =>
    codec.read(new DataView(new ArrayBuffer(length)), 0, length),
  );
  // Of two objects that have one prototype and a getter of one name, V8 keeps the second as a table: slow.
  const body = `let v, w, u64, s64, o = 0, e = 0, at = 0, left = 0, step = 0;
    const advance = () => {
      o = at + ${headerBytes};
      e = o + w[at >>> 2];
      at = (e + 7) & ~7;
      if (e - o < ${leastOf(codec)}) ${fail}(e - o);
      return true;
    };
    const cursor = {
      record: { __proto__: {}, ${getters.join(', ')} },
      next() {
        if (left === 0) return false;
        left--;
        if (step === 0) return advance();
        o += step;
        return true;
      },
    };
    return (memory, first, count) => {
      v = memory.view; w = memory.words; at = first; left = count;
      ${scope.opening}
      const alike = ${!codec.flexible} && memory.length >= ${leastOf(codec)};
      step = alike ? ((memory.length + 7) & ~7) + ${headerBytes} : 0;
      o = first + ${headerBytes} - step;
      return cursor;
    };`;
  return (scope.compile(body) as StartCursor<T> | undefined) ?? slowCursor<T>(codec, members);
}

type Member = readonly [name: string, at: number, part: InlineParts<unknown>];

function membersOf(codec: Codec<unknown>): readonly Member[] {
  if (!('layout' in codec)) return [['value', 0, emittable(codec)]];
  const layout = codec.layout as Readonly<Record<string, readonly [number, Codec<unknown>]>>;
  return Object.entries(layout).map(([name, [at, member]]) => [name, at, emittable(member)]);
}

/** The same where code generation is off. */
function slowCursor<T>(codec: Codec<T>, members: readonly Member[]): StartCursor<T> {
  let [memory, at, left, start, end] = [undefined as unknown as Memory, 0, 0, 0, 0];
  const record = {};
  for (const [name, offset, part] of members) {
    const get = () =>
      part.take(memory.view, start + offset, part.flexible ? end : start + offset + part.size);
    Object.defineProperty(record, name, { get, enumerable: true });
  }
  const next = () => {
    if (left === 0) return false;
    left--;
    start = at + headerBytes;
    end = start + (memory.words[at >>> 2] ?? 0);
    at = (end + 7) & ~7;
    if (end - start < leastOf(codec)) codec.read(memory.view, start, end);
    return true;
  };
  return (batch, first, count) => {
    [memory, at, left] = [batch, first, count];
    return { record: record as T, next };
  };
}
