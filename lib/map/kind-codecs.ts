/** How keys and values are read and written where a kind of map has its own, and where it takes the described ones. */
import { bytes, type Codec, isBytes, u32, u64 } from '../codec/index.js';
import type { MapDescription } from '../gen/description.js';
import { type MapHandle, native } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import type { MapRow } from './rows.js';

/** What every class of map is made from. */
export interface MapSource {
  readonly handle: MapHandle;
  readonly state: ObjectState;
  readonly name: string;
  readonly description: MapDescription;
  /** Of what the object has, for inner maps. */
  readonly rows: readonly MapRow[];
}

/** Keys that nothing describes are bytes, as many as they were given before load. */
export function describedKey({ handle, description }: MapSource): Codec<unknown> {
  return ofSize(description.key, native().mapKeySize(handle));
}

/** {@link describedKey} for values. */
export function describedValue({ handle, description }: MapSource): Codec<unknown> {
  return ofSize(description.value, native().mapValueSize(handle));
}

function ofSize(codec: Codec<unknown> | undefined, size: number): Codec<unknown> {
  return codec === undefined || (isBytes(codec) && codec.size !== size) ? bytes(size) : codec;
}

/** An index, whatever the object calls its type. */
export const index = (): Codec<number> => u32;

/** An index or key of the object's own type. */
export function describedIndex(source: MapSource): Codec<unknown> {
  return source.description.key ?? (native().mapKeySize(source.handle) === 4 ? u32 : describedKey(source));
}

const none: Codec<undefined> = {
  type: 'void',
  size: 0,
  flexible: false,
  read: () => undefined,
  write() {},
};

/** Of kinds without keys. */
export const keyless = (): Codec<undefined> => none;

const narrow: Codec<bigint> = {
  type: 'int',
  size: 4,
  flexible: false,
  read: (view, offset, end) => BigInt(u32.read(view, offset, end)),
  write: (view, offset, value) => u32.write(view, offset, Number(value)),
};

/** Sockets: descriptors go in, cookies come out where they have room. */
export function socket({ handle }: MapSource): Codec<bigint> {
  return native().mapValueSize(handle) === 8 ? u64 : narrow;
}
