/** Maps by key, with a `Map`'s manners: what hashes, arrays, tries and their per-CPU forms have in common. */
import type { Codec } from '../codec/codec.js';
import { BpfError } from '../errors.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import { type MapHandle, native } from '../native.js';
import type { ObjectState } from '../object-state.js';
import { MapBase } from './map-state.js';

/** Whether a `set` may add, may overwrite, or both. */
export type UpdateFlag = 'any' | 'noexist' | 'exist';

/** `BPF_ANY`, `BPF_NOEXIST`, `BPF_EXIST`. */
const updateFlags: Readonly<Record<UpdateFlag, number>> = { any: 0, noexist: 1, exist: 2 };

/** Bytes of one key or value, reused from call to call. */
interface Slot {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

function slot(size: number): Slot {
  const bytes = new Uint8Array(size);
  return { bytes, view: new DataView(bytes.buffer) };
}

/** A map by key. `E` is what an entry holds: a value, or a value for each CPU. */
export abstract class KeyValueMap<K, E, Kind extends MapKindName> extends MapBase<Kind> {
  /** @internal */
  protected readonly keyCodec: Codec<K>;
  /** @internal */
  protected readonly entryCodec: Codec<E>;
  readonly #key: Slot;
  readonly #value: Slot;

  /** @internal */
  constructor(
    handle: MapHandle,
    state: ObjectState,
    name: string,
    kind: Kind,
    key: Codec<K>,
    entry: Codec<E>,
  ) {
    super(handle, state, name, kind);
    this.keyCodec = key;
    this.entryCodec = entry;
    this.#key = slot(this.keySize);
    this.#value = slot(entry.size);
  }

  /** The entry of a key; undefined where there is none. */
  get(key: K): E | undefined {
    this.state.use(`look up in map ${this.name}`);
    const status = native().mapLookupElem(this.handle, this.encodeKey(key), this.#value.bytes, 0);
    if (status === 0) return this.entryCodec.read(this.#value.view, 0, this.entryCodec.size);
    if (status === -ENOENT) return undefined;
    throw this.failure(status, 'look up in');
  }

  /** True when the key is there. */
  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  /**
   * Writes an entry.
   *
   * @param flag - `noexist` to add only, `exist` to overwrite only; `any` by default.
   * @throws BpfError `ERR_BPF_VALUE` for a key or value that does not fit its type, `E2BIG` when the map is full,
   * `EEXIST` and `ENOENT` as the flag says. The map is unchanged then.
   */
  set(key: K, entry: E, flag: UpdateFlag = 'any'): this {
    this.state.use(`update map ${this.name}`);
    const keyBytes = this.encodeKey(key);
    this.#value.bytes.fill(0);
    this.#naming(() => this.entryCodec.write(this.#value.view, 0, entry), 'value');
    const status = native().mapUpdateElem(this.handle, keyBytes, this.#value.bytes, updateFlags[flag]);
    if (status !== 0) throw this.failure(status, 'update');
    return this;
  }

  /**
   * The keys, in the kernel's order. Deleting the current one on the way is fine. While others write, a key may
   * come twice or not at all.
   *
   * @throws BpfError `ERR_BPF_BUSY` when writers keep the walk from ending.
   */
  *keys(): Generator<K, void, undefined> {
    let next = this.#nextKey(null);
    for (let left = this.maxEntries; next !== undefined; left--) {
      if (left === 0) throw this.#walkAborted();
      const current = next;
      next = this.#nextKey(current);
      yield this.keyCodec.read(new DataView(current.buffer), 0, current.length);
    }
  }

  /** Keys with their entries; a key that is deleted meanwhile is left out. */
  *entries(): Generator<[K, E], void, undefined> {
    for (const key of this.keys()) {
      const entry = this.get(key);
      if (entry !== undefined) yield [key, entry];
    }
  }

  /** The entries without their keys. */
  *values(): Generator<E, void, undefined> {
    for (const [, entry] of this.entries()) yield entry;
  }

  [Symbol.iterator](): Generator<[K, E], void, undefined> {
    return this.entries();
  }

  #nextKey(key: Uint8Array | null): Uint8Array | undefined {
    this.state.use(`walk map ${this.name}`);
    const next = new Uint8Array(this.keySize);
    const status = native().mapGetNextKey(this.handle, key, next);
    if (status === 0) return next;
    if (status === -ENOENT) return undefined;
    throw this.failure(status, 'walk');
  }

  /** @internal */
  protected encodeKey(key: K): Uint8Array {
    this.#key.bytes.fill(0);
    this.#naming(() => this.keyCodec.write(this.#key.view, 0, key), 'key');
    return this.#key.bytes;
  }

  /** A codec knows the member that does not fit; the map's name is added here. */
  #naming(write: () => void, what: string): void {
    try {
      write();
    } catch (cause) {
      if (!(cause instanceof BpfError)) throw cause;
      const reason = cause.message.replace(/^.*?: \w+, /, '');
      throw new BpfError({
        code: cause.code,
        operation: `write the ${what} of map ${this.name}`,
        reason,
        cause,
      });
    }
  }

  #walkAborted(): BpfError {
    const reason = `more than ${this.maxEntries} steps: writers keep changing it`;
    return new BpfError({
      code: 'ERR_BPF_BUSY',
      operation: `walk map ${this.name}`,
      reason,
      hint: 'walk again',
    });
  }
}

/** The same number on every Linux. */
const ENOENT = 2;
