/** `char[N]` as a string. */
import { requireInteger } from '../errors/arguments.js';
import { unfit } from './faults.js';
import { type Find, finder } from './finder.js';
import { type InlineCodec, inline } from './inline.js';
import { TextCache } from './text-cache.js';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * `char[length]`: UTF-8 up to the first NUL; without one, all of it. Bytes that are no UTF-8 read as U+FFFD.
 *
 * @param length - in bytes; absent for a flexible array, which takes the rest of its record
 */
export function text(length?: number): InlineCodec<string> {
  if (length !== undefined) requireInteger('describe a text', 'its length', length);
  const flexible = length === undefined;
  const type = flexible ? 'char[]' : `char[${length}]`;
  const put = (view: DataView, offset: number, value: string) =>
    putText(type, view, offset, length ?? view.byteLength - offset, value);
  return inline<string>({
    type,
    size: length ?? 0,
    flexible,
    source: (at, end, scope) =>
      `${scope.constant(finderOf(length))}(v, o + ${at}, ${flexible ? end : `o + ${at + length}`})`,
    take: (view, offset, end) => recent.get(view, offset, flexible ? end : offset + length),
    put,
    ...(!flexible && { store: (value, at, scope) => `${scope.constant(put)}(v, o + ${at}, ${value});` }),
    ...(flexible && { sizeFor: (value: string) => encoder.encode(value).length }),
  });
}

/** Names are short and mostly ASCII: a loop beats the decoder up to some dozen bytes. */
const longestLoop = 64;

/** Events carry the same few names over and over. */
const recent = new TextCache(readText);
const finders = new Map<number | undefined, Find<string>>();

/** Texts that differ behind their NUL alone are found as the same by `recent`. */
function finderOf(length: number | undefined): Find<string> {
  const find = finders.get(length) ?? finder(length, (view, offset, end) => recent.get(view, offset, end));
  finders.set(length, find);
  return find;
}

/** The text between two offsets, up to its NUL. */
export function readText(view: DataView, offset: number, end: number): string {
  let result = '';
  for (let at = offset; at < end; at++) {
    const byte = view.getUint8(at);
    if (byte === 0) return result;
    if (byte > 127 || at - offset > longestLoop) return decodeText(view, offset, end);
    result += String.fromCharCode(byte);
  }
  return result;
}

function decodeText(view: DataView, offset: number, end: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + offset, end - offset);
  const length = bytes.indexOf(0);
  return decoder.decode(length < 0 ? bytes : bytes.subarray(0, length));
}

/** False for what is not ASCII, or has a NUL. */
function putAscii(view: DataView, offset: number, length: number, value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code === 0 || code > 127) return false;
    view.setUint8(offset + i, code);
  }
  for (let i = value.length; i < length; i++) view.setUint8(offset + i, 0);
  return true;
}

function putText(type: string, view: DataView, offset: number, length: number, value: string): void {
  if (typeof value !== 'string') throw unfit(type, 'a string', value);
  if (length <= longestLoop && value.length <= length && putAscii(view, offset, length, value)) return;
  if (value.includes('\0')) throw unfit(type, 'a string without NUL, which would end it', value);
  const bytes = encoder.encode(value);
  if (bytes.length > length)
    throw unfit(type, `at most ${length} bytes of UTF-8`, value, `it has ${bytes.length}`);
  const room = new Uint8Array(view.buffer, view.byteOffset + offset, length);
  room.set(bytes);
  room.fill(0, bytes.length);
}
