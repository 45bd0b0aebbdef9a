/** Readers: a codec's parts as one straight-line function, or as closures where code generation is off. */
import { type Codec, leastOf } from './codec.js';
import { shortRecord } from './faults.js';
import type { InlineParts } from './inline.js';
import { Scope } from './scope.js';

type Read<T> = Codec<T>['read'];

/** The emitted reader; the interpreted one where code generation is off. */
export function compileReader<T>(parts: InlineParts<T>): Read<T> {
  const { type, source } = parts;
  const size = leastOf(parts);
  const scope = new Scope();
  const short = scope.constant((given: number) => shortRecord(type, size, given));
  const check = `if (!(e - o >= ${size})) throw ${short}(e - o);`;
  const body = `return (v, o, e) => { ${check} return ${source(0, 'e', scope)}; };`;
  return (scope.compile(body) as Read<T> | undefined) ?? interpretReader(parts);
}

/** The reader made of closures; exported so that tests can compare the two. */
export function interpretReader<T>(parts: InlineParts<T>): Read<T> {
  const { type, take } = parts;
  const size = leastOf(parts);
  return (view, offset, end) => {
    if (!(end - offset >= size)) throw shortRecord(type, size, end - offset);
    return take(view, offset, end);
  };
}
