/** Arrays of anything but characters and bytes. */
import type { Codec } from './codec.js';
import { unfit, within } from './faults.js';
import { emittable, type InlineCodec, inline, type Parts, put, type Scope } from './reader.js';

/** Arrays up to this length are read without a loop. */
const longestUnrolled = 8;

/**
 * `element[count]`.
 *
 * @param count - absent for a flexible array, which takes as many whole elements as are left of its record
 */
export function array<T>(element: Codec<T>, count?: number): InlineCodec<T[]> {
  const type = `${element.type}[${count ?? ''}]`;
  const take = (view: DataView, offset: number, end: number) =>
    readArray(element, view, offset, count ?? wholeIn(element, end - offset));
  return inline<T[]>({
    type,
    size: element.size * (count ?? 0),
    flexible: count === undefined,
    source: (at, end, scope) =>
      count !== undefined && count <= longestUnrolled && scope.roomFor(count)
        ? unrolled(emittable(element), count, at, scope)
        : `${scope.constant(take)}(v, o + ${at}, ${end})`,
    take,
    write(view, offset, value) {
      checkArray(type, count ?? wholeIn(element, view.byteLength - offset), count === undefined, value);
      eachElement(type, value, (item, i) => element.write(view, offset + i * element.size, item));
    },
    put(view, offset, value) {
      checkArray(type, count ?? wholeIn(element, view.byteLength - offset), count === undefined, value);
      eachElement(type, value, (item, i) => put(emittable(element), view, offset + i * element.size, item));
    },
    ...(count === undefined && { sizeFor: (value: T[]) => value.length * element.size }),
  });
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

function unrolled(element: Parts<unknown>, count: number, at: number, scope: Scope): string {
  const items = Array.from({ length: count }, (_, i) => {
    const start = at + i * element.size;
    return element.source(start, `o + ${start + element.size}`, scope);
  });
  return `[${items.join(', ')}]`;
}

function checkArray(type: string, length: number, orFewer: boolean, value: unknown[]): void {
  const fits = Array.isArray(value) && (orFewer ? value.length <= length : value.length === length);
  if (!fits) throw unfit(type, `an array of ${orFewer ? 'at most ' : ''}${length}`, value);
}

function eachElement<T>(type: string, value: readonly T[], write: (item: T, i: number) => void): void {
  for (let i = 0; i < value.length; i++) {
    try {
      write(value[i] as T, i);
    } catch (error) {
      throw within(error, type, `[${i}]`);
    }
  }
}
