/** Keys as their bytes in the map, for what their values do not tell. */

/**
 * The bytes of a key. Two keys of a hash may have one value: they differ in padding, behind a text's NUL, in a `_Bool` of
 * 2. A raw key names exactly one of them, wherever a map takes a key: `get`, `set`, `next`, `delete`, `deleteBatch` and
 * the rest. Walks give them (`rawKeys()`), and a map makes one of bytes (`rawKey()`).
 *
 * @example
 * ```ts
 * const { counts } = bpf.maps;
 * for (const key of counts.rawKeys()) if (counts.get(key) === 0n) counts.delete(key);
 * ```
 */
export class RawKey<K = unknown> {
  /** As many as the map's keys have. */
  readonly bytes: Uint8Array;
  readonly #decode: (bytes: Uint8Array) => K;

  /** @internal */
  constructor(bytes: Uint8Array, decode: (bytes: Uint8Array) => K) {
    this.bytes = bytes;
    this.#decode = decode;
  }

  /** What the key reads as, decoded anew each time. */
  get value(): K {
    return this.#decode(this.bytes);
  }
}
