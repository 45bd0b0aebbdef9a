/** Whole values from and to byte arrays, and to JSON. */
import { requireBytes } from '../errors/arguments.js';
import type { Codec } from './codec.js';
import { requireCodec, unfit } from './faults.js';
import { emittable } from './inline.js';

/**
 * Reads one value from bytes: a record, or a map's key or value.
 *
 * @throws BpfError `ERR_BPF_RECORD` when there are fewer bytes than the type has
 */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array): T {
  requireCodec('decode a value', codec);
  requireBytes('decode a value', 'what is decoded', bytes);
  return codec.read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.byteLength);
}

/**
 * Writes one value to new bytes, as many as its type has; a flexible array gets as many as its value needs.
 *
 * @throws BpfError `ERR_BPF_VALUE` that names the member, what it takes and what it got
 */
export function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  requireCodec('encode a value', codec);
  const needed = value === undefined || value === null ? undefined : emittable(codec).sizeFor?.(value);
  const size = needed === undefined ? codec.size : needed;
  if (!Number.isInteger(size)) throw unfit(codec.type, 'a value of some length', value);
  const bytes = new Uint8Array(size);
  codec.write(new DataView(bytes.buffer), 0, value);
  return bytes;
}

/**
 * A replacer for `JSON.stringify`: bigint becomes a decimal string, a Uint8Array a hexadecimal one.
 *
 * @example
 * ```ts
 * JSON.stringify({ ts: 1n, mac: Uint8Array.of(2, 255) }, replacer); // {"ts":"1","mac":"02ff"}
 * ```
 */
export function replacer(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array)
    return Array.from(value, byte => byte.toString(16).padStart(2, '0')).join('');
  return value;
}
