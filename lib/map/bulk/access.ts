/** What calls on many entries take of a map. */
import type { Codec } from '../../codec/codec.js';
import type { RawKey } from '../raw-key.js';
import type { Source } from './slices.js';
import type { Swept } from './sweep.js';

/** Writes the bytes of one item. */
export type Put<T> = (view: DataView, at: number, item: T) => void;

/** What of a map it takes. */
export interface BulkAccess<K, E> {
  readonly map: Swept;
  readonly keyCodec: Codec<K>;
  readonly entryCodec: Codec<E>;
  /** Write into memory of one's own, at an offset; what does not fit is an error that names the map. */
  readonly putKey: Put<K | RawKey<K>>;
  readonly putEntry: Put<E>;
}

/** A map's bytes and how they are read. */
export function sourceOf<K, E>({ map, keyCodec, entryCodec }: BulkAccess<K, E>): Source<K, E> {
  return { map, key: keyCodec, entry: entryCodec };
}
