/** `__u8[N]` as a Uint8Array. */
import { requireInteger } from '../errors/arguments.js';
import { unfit } from './faults.js';
import { type InlineCodec, inline } from './inline.js';
import type { Scope } from './scope.js';

/**
 * `__u8[length]`: a copy, so that it outlives the record.
 *
 * @param length - absent for a flexible array, which takes the rest of its record
 */
export function bytes(length?: number): InlineCodec<Uint8Array> {
  if (length !== undefined) requireInteger('describe bytes', 'their number', length);
  const flexible = length === undefined;
  const type = flexible ? '__u8[]' : `__u8[${length}]`;
  return inline<Uint8Array>({
    type,
    size: length ?? 0,
    flexible,
    source: (at, end, scope) =>
      `${scope.constant(copy)}(v, o + ${at}, ${flexible ? end : `o + ${at + length}`})`,
    take: (view, offset, end) => copy(view, offset, flexible ? end : offset + length),
    put: (view, offset, value) => putBytes(type, view, offset, length, value),
    ...(!flexible && { store: (value, at, scope) => storeBytes(length, value, at, scope) }),
    ...(flexible && { sizeFor: (value: Uint8Array) => value.length }),
  });
}

/** Whether a codec is {@link bytes} of a length. */
export function isBytes(codec: { readonly type: string }): boolean {
  return /^__u8\[\d+\]$/.test(codec.type);
}

/** A view of few bytes costs more than they do. */
const fewest = 32;

function storeBytes(length: number, value: string, at: number, scope: Scope): string {
  const check = `if (!(${value} instanceof Uint8Array && ${value}.length === ${length})) throw 0;`;
  if (length > fewest) return `${check} ${scope.constant(paste)}(v, o + ${at}, ${value});`;
  return `${check} for (let i = 0; i < ${length}; i++) v.setUint8(o + ${at} + i, ${value}[i]);`;
}

function paste(view: DataView, offset: number, value: Uint8Array): void {
  new Uint8Array(view.buffer, view.byteOffset + offset, value.length).set(value);
}

function copy(view: DataView, offset: number, end: number): Uint8Array {
  const length = end - offset;
  const result = new Uint8Array(length);
  result.set(new Uint8Array(view.buffer, view.byteOffset + offset, length));
  return result;
}

function putBytes(
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
  paste(view, offset, value);
}
