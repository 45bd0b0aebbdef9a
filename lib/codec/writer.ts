/** Writers: a codec's parts as one straight-line function, or as closures where code generation is off. */
import type { Codec } from './codec.js';
import { shortRoom } from './faults.js';
import type { InlineParts } from './inline.js';
import { clear } from './padding.js';
import { Scope } from './scope.js';

type Write<T> = Codec<T>['write'];

/**
 * The emitted writer; the interpreted one where code generation is off, or where there is nothing to emit. A value that
 * does not fit is written again by closures, which say what is wrong with it.
 */
export function compileWriter<T>(parts: InlineParts<T>): Write<T> {
  const slow = interpretWriter(parts);
  if (!parts.store) return slow;
  const scope = new Scope();
  const again = scope.constant(slow);
  const fast = `try { ${parts.store('x', 0, scope)} return; } catch {}`;
  const room = `o >= 0 && v.byteLength - o >= ${parts.size}`;
  const body = `return (v, o, x) => { if (${room}) { ${fast} } ${again}(v, o, x); };`;
  return (scope.compile(body) as Write<T> | undefined) ?? slow;
}

/** The writer made of closures; exported so that tests can compare the two. */
export function interpretWriter<T>({ type, size, flexible, padded, put }: InlineParts<T>): Write<T> {
  return (view, offset, value) => {
    const room = view.byteLength - offset;
    if (!(offset >= 0 && room >= size)) throw shortRoom(type, size, room);
    if (padded) clear(view, offset, flexible ? room : size);
    put(view, offset, value);
  };
}
