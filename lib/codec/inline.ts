/** The parts of which a codec is made, to be emitted together with those around it. */
import type { Codec } from './codec.js';
import { compileReader } from './reader.js';
import type { Scope } from './scope.js';
import { compileWriter } from './writer.js';

/** What a codec of this library has besides `read` and `write`: what it takes to be emitted as part of another. */
export interface InlineParts<T> {
  readonly type: string;
  readonly size: number;
  readonly flexible?: boolean;
  readonly least?: number;
  /**
   * @internal A JavaScript expression that reads the value `at` bytes past `o` from the DataView `v`; a flexible tail ends at
   * `end`. It checks no bounds: the function around it did.
   */
  readonly source: (at: number, end: string, scope: Scope) => string;
  /** The same as a closure. */
  readonly take: (view: DataView, offset: number, end: number) => T;
  /**
   * @internal JavaScript statements that write the variable `value` `at` bytes past `o`, all `size` bytes, and throw anything
   * where it does not fit. Absent: `put` is called.
   */
  readonly store?: (value: string, at: number, scope: Scope) => string;
  /**
   * The same as a closure, which says what does not fit. It leaves padding alone: what is around has cleared it, or a
   * union's other member is there.
   */
  put(view: DataView, offset: number, value: T): void;
  /** True where `put` leaves bytes alone that must be zero before. */
  readonly padded?: boolean;
  /** False for a record of enough bytes that it cannot read all the same. */
  accepts?(view: DataView, offset: number, end: number): boolean;
  /** Bytes that this value needs; absent where that is always `size`. */
  sizeFor?(value: T): number;
}

/** A codec that can be emitted as part of another's reader and writer. */
export interface InlineCodec<T> extends Codec<T>, InlineParts<T> {
  readonly flexible: boolean;
}

/** Makes a codec whose reader and writer are compiled when they are first used. */
export function inline<T, Extra extends object = object>(
  parts: InlineParts<T> & Extra,
): InlineCodec<T> & Extra {
  const codec = {
    flexible: false,
    ...parts,
    read(view: DataView, offset: number, end: number): T {
      codec.read = compileReader(parts);
      return codec.read(view, offset, end);
    },
    write(view: DataView, offset: number, value: T): void {
      codec.write = compileWriter(parts);
      codec.write(view, offset, value);
    },
  };
  return codec;
}

/** Any codec as one that can be emitted: those of other makers are called. */
export function emittable<T>(codec: Codec<T>): InlineParts<T> {
  if ('source' in codec) return codec as InlineCodec<T>;
  const { type, size, flexible, least = size } = codec;
  return {
    type,
    size,
    flexible,
    least,
    source: (at, end, scope) => `${scope.constant(codec)}.read(v, o + ${at}, ${end})`,
    take: (view, offset, end) => codec.read(view, offset, end),
    put: (view, offset, value) => codec.write(view, offset, value),
  };
}

/** Statements that write a value, emitted or by a call. */
export function storeSource(parts: InlineParts<unknown>, value: string, at: number, scope: Scope): string {
  if (parts.store) return parts.store(value, at, scope);
  return `${scope.constant(parts)}.put(v, o + ${at}, ${value});`;
}

/** Statements that write what a function makes of a value. */
export function storeAs<T, Raw>(
  raw: InlineParts<Raw>,
  from: (value: T) => Raw,
  value: string,
  at: number,
  scope: Scope,
): string {
  const name = scope.variable();
  return `const ${name} = ${scope.constant(from)}(${value}); ${storeSource(raw as InlineParts<unknown>, name, at, scope)}`;
}
