/** `__u8[N]` as a Uint8Array. */
import { unfit } from './faults.js';
import { type InlineCodec, inline } from './reader.js';

/**
 * `__u8[length]`: a copy, so that it outlives the record.
 *
 * @param length - absent for a flexible array, which takes the rest of its record
 */
export function bytes(length?: number): InlineCodec<Uint8Array> {
  const flexible = length === undefined;
  const type = flexible ? '__u8[]' : `__u8[${length}]`;
  return inline<Uint8Array>({
    type,
    size: length ?? 0,
    flexible,
    source: (at, end, scope) =>
      `${scope.constant(copy)}(v, o + ${at}, ${flexible ? end : `o + ${at + length}`})`,
    take: (view, offset, end) => copy(view, offset, flexible ? end : offset + length),
    write: (view, offset, value) => writeBytes(type, view, offset, length, value),
    ...(flexible && { sizeFor: (value: Uint8Array) => value.length }),
  });
}

function copy(view: DataView, offset: number, end: number): Uint8Array {
  const length = end - offset;
  const result = new Uint8Array(length);
  result.set(new Uint8Array(view.buffer, view.byteOffset + offset, length));
  return result;
}

function writeBytes(
  type: string,
  view: DataView,
  offset: number,
  length: number | undefined,
  value: Uint8Array,
): void {
  const room = length ?? view.byteLength - offset;
  const fits =
    value instanceof Uint8Array && (length === undefined ? value.length <= room : value.length === room);
  if (!fits) throw unfit(type, `a Uint8Array of ${length === undefined ? 'at most ' : ''}${room}`, value);
  new Uint8Array(view.buffer, view.byteOffset + offset, value.length).set(value);
}
