/** Arrays of anything but characters and bytes. */
import type { Codec } from './codec.js';
import { unfit, within } from './faults.js';
import { emittable, type InlineCodec, inline, type Parts, type Scope } from './reader.js';

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
    write: (view, offset, value) => writeArray(type, element, count, view, offset, value),
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

function writeArray<T>(
  type: string,
  element: Codec<T>,
  count: number | undefined,
  view: DataView,
  offset: number,
  value: T[],
) {
  const most = count ?? wholeIn(element, view.byteLength - offset);
  const fits = Array.isArray(value) && (count === undefined ? value.length <= most : value.length === most);
  if (!fits) throw unfit(type, `an array of ${count === undefined ? 'at most ' : ''}${most}`, value);
  for (let i = 0; i < value.length; i++) writeElement(type, element, view, offset, value, i);
}

function writeElement<T>(
  type: string,
  element: Codec<T>,
  view: DataView,
  offset: number,
  value: T[],
  i: number,
) {
  try {
    element.write(view, offset + i * element.size, value[i] as T);
  } catch (error) {
    throw within(error, type, `[${i}]`);
  }
}
