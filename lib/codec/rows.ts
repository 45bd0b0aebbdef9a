/** Values at equal distances, read by one loop. */
import { type Codec, leastOf } from './codec.js';
import { emittable } from './inline.js';
import { Scope } from './scope.js';

/** Reads `count` values that begin `step` bytes apart; a flexible tail takes what is left of its step. */
export type ReadRows<T> = (view: DataView, at: number, step: number, count: number) => T[];

const known = new WeakMap<object, ReadRows<unknown>>();

/**
 * The loop of a codec, the same one each time. It checks no bounds, but that a step has room for a value.
 *
 * @throws BpfError `ERR_BPF_RECORD`, when it is called with a step that has not
 */
export function rowsOf<T>(codec: Codec<T>): ReadRows<T> {
  const read = (known.get(codec) as ReadRows<T> | undefined) ?? make(codec);
  known.set(codec, read as ReadRows<unknown>);
  return read;
}

function make<T>(codec: Codec<T>): ReadRows<T> {
  let [aligned, other]: (ReadRows<T> | undefined)[] = [];
  return (view, at, step, count) => {
    if (count > 0 && step < leastOf(codec)) codec.read(view, at, at + step);
    if (((view.byteOffset | at | step) & 7) === 0) {
      aligned ??= emit(codec, new Scope({ aligned: true }));
      return aligned(view, at, step, count);
    }
    other ??= emit(codec, new Scope());
    return other(view, at, step, count);
  };
}

function emit<T>(codec: Codec<T>, scope: Scope): ReadRows<T> {
  const value = emittable(codec).source(0, 'o + step', scope);
  const body = `return (v, at, step, count) => {
    let u32, u64, s64; ${scope.opening}
    const rows = new Array(count);
    for (let i = 0, o = at; i < count; i++, o += step) rows[i] = ${value};
    return rows;
  };`;
  return (scope.compile(body) as ReadRows<T> | undefined) ?? slowRows(codec);
}

/** The same where code generation is off. */
function slowRows<T>(codec: Codec<T>): ReadRows<T> {
  const { take } = emittable(codec);
  return (view, at, step, count) =>
    Array.from({ length: count }, (_, i) => take(view, at + i * step, at + (i + 1) * step));
}
