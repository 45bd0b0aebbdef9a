/** Arrays of anything but characters and bytes. */
import { requireInteger } from '../errors/arguments.js';
import type { Codec } from './codec.js';
import { requireCodec, unfit, within } from './faults.js';
import { emittable, type InlineCodec, type InlineParts, inline, storeSource } from './inline.js';
import { Scope } from './scope.js';

/** Arrays up to this length are read without a loop. */
const longestUnrolled = 8;

/**
 * `element[count]`.
 *
 * @param count - absent for a flexible array, which takes as many whole elements as are left of its record
 */
export function array<T>(element: Codec<T>, count?: number): InlineCodec<T[]> {
  requireCodec('describe an array', element);
  if (count !== undefined) requireInteger('describe an array', 'its length', count);
  const type = `${element.type}[${count ?? ''}]`;
  const parts = emittable(element);
  const take = (view: DataView, offset: number, end: number) =>
    readArray(element, view, offset, count ?? wholeIn(element, end - offset));
  let loop: ReadArray<T> | undefined;
  return inline<T[], { readonly element: Codec<T> }>({
    type,
    element,
    size: element.size * (count ?? 0),
    flexible: count === undefined,
    padded: parts.padded ?? false,
    source: (at, end, scope) => {
      if (count !== undefined && count <= longestUnrolled && scope.roomFor(count))
        return unrolled(parts, count, at, scope);
      loop ??= compileLoop(parts, count) ?? take;
      return `${scope.constant(loop)}(v, o + ${at}, ${end})`;
    },
    take,
    put(view, offset, value) {
      checkArray(type, count ?? wholeIn(element, view.byteLength - offset), count === undefined, value);
      putArray(type, parts, view, offset, value);
    },
    // Without a writer of its own an element relies on what is around for its padding.
    ...(count !== undefined &&
      (parts.store || !parts.padded) && {
        store: (value, at, scope) => looped(parts as InlineParts<unknown>, count, value, at, scope),
      }),
    ...(count === undefined && { sizeFor: (value: T[]) => value.length * element.size }),
  });
}

type ReadArray<T> = (view: DataView, offset: number, end: number) => T[];

/** The loop as a function of its own; undefined where code generation is off. */
function compileLoop<T>(element: InlineParts<T>, count: number | undefined): ReadArray<T> | undefined {
  const scope = new Scope();
  const { size } = element;
  const item = element.source(0, `o + ${size}`, scope);
  const length = count ?? (size === 0 ? 0 : `Math.floor((e - at) / ${size})`);
  const body = `return (v, at, e) => {
    const items = new Array(${length});
    for (let i = 0, o = at; i < items.length; i++, o += ${size}) items[i] = ${item};
    return items;
  };`;
  return scope.compile(body) as ReadArray<T> | undefined;
}

function wholeIn(element: Codec<unknown>, room: number): number {
  return element.size === 0 ? 0 : Math.floor(room / element.size);
}

function readArray<T>(element: Codec<T>, view: DataView, offset: number, count: number): T[] {
  const result: T[] = [];
  for (let i = 0, at = offset; i < count; i++, at += element.size) {
    result.push(element.read(view, at, at + element.size));
  }
  return result;
}

function unrolled(element: InlineParts<unknown>, count: number, at: number, scope: Scope): string {
  const items = Array.from({ length: count }, (_, i) => {
    const start = at + i * element.size;
    return element.source(start, `o + ${start + element.size}`, scope);
  });
  return `[${items.join(', ')}]`;
}

/** A loop whose body counts from the element that it writes: it has an `o` of its own. */
function looped(
  element: InlineParts<unknown>,
  count: number,
  value: string,
  at: number,
  scope: Scope,
): string {
  const [index, place, item] = [scope.variable(), scope.variable(), scope.variable()];
  const check = `if (!(Array.isArray(${value}) && ${value}.length === ${count})) throw 0;`;
  const body = `const o = ${place}, ${item} = ${value}[${index}]; ${storeSource(element, item, 0, scope)}`;
  const head = `let ${index} = 0, ${place} = o + ${at}; ${index} < ${count}; ${index}++, ${place} += ${element.size}`;
  return `${check} for (${head}) { ${body} }`;
}

function checkArray(type: string, length: number, orFewer: boolean, value: unknown[]): void {
  const fits = Array.isArray(value) && (orFewer ? value.length <= length : value.length === length);
  if (!fits) throw unfit(type, `an array of ${orFewer ? 'at most ' : ''}${length}`, value);
}

function putArray<T>(
  type: string,
  element: InlineParts<T>,
  view: DataView,
  offset: number,
  value: readonly T[],
): void {
  for (let i = 0; i < value.length; i++) {
    try {
      element.put(view, offset + i * element.size, value[i] as T);
    } catch (error) {
      throw within(error, type, `[${i}]`);
    }
  }
}
