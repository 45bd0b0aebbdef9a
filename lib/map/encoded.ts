/** Keys and entries of a map as bytes: written into one slot, which is reused from call to call, and read out of it. */
import type { Codec } from '../codec/codec.js';
import { BpfError } from '../errors/bpf-error.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import type { MapHandle } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import { type EntrySlot, entrySlot } from './entry-slot.js';
import type { MapBase } from './map-state.js';
import { RawKey } from './raw-key.js';

/** What such a map is made of. */
export type MapParts<K, E, Kind extends MapKindName> = readonly [
  handle: MapHandle,
  state: ObjectState,
  name: string,
  kind: Kind,
  key: Codec<K>,
  entry: Codec<E>,
];

/** The slot and the codecs of a map. `E` is what an entry holds: a value, or a value for each CPU. */
export class EntryEncoding<K, E> {
  readonly map: MapBase;
  /** */
  readonly keyCodec: Codec<K>;
  /** */
  readonly entryCodec: Codec<E>;
  /** True while a value is written into the slot, whose getters may use the same map. */
  readonly writing = { now: false };
  #slot: EntrySlot | undefined;

  constructor(map: MapBase, [, , , , key, entry]: MapParts<K, E, MapKindName>) {
    this.map = map;
    this.keyCodec = key;
    this.entryCodec = entry;
  }

  /** The slot, while the map is open; another one for a value's getters that use the map they are written to. */
  slot(verb: string): EntrySlot {
    this.map.use(verb);
    return this.writing.now ? this.#newSlot() : this.ownSlot();
  }

  /** The slot that calls share. */
  ownSlot(): EntrySlot {
    this.#slot ??= this.#newSlot();
    return this.#slot;
  }

  writeKey({ key: { bytes, view } }: EntrySlot, key: K | RawKey<K>): void {
    if (key instanceof RawKey) bytes.set(this.#fitting(key.bytes));
    else this.#write(this.keyCodec, view, key, 'key');
  }

  /** Writes a key into memory of the caller's. */
  putKey(view: DataView, at: number, key: K | RawKey<K>): void {
    if (typeof key !== 'object' || !(key instanceof RawKey)) this.put(this.keyCodec, view, at, key, 'key');
    else new Uint8Array(view.buffer, view.byteOffset + at).set(this.#fitting(key.bytes));
  }

  /** Writes a key or an entry into memory of the caller's. */
  put<T>(codec: Codec<T>, view: DataView, at: number, value: T, what: string): void {
    try {
      // A flexible tail takes what is left of a view.
      if (codec.flexible) codec.write(new DataView(view.buffer, view.byteOffset + at, codec.size), 0, value);
      else codec.write(view, at, value);
    } catch (cause) {
      throw this.#misfit(cause, what);
    }
  }

  writeEntry({ entry: { view } }: EntrySlot, entry: E): void {
    this.#write(this.entryCodec, view, entry, 'value');
  }

  readEntry({ entry: { view } }: EntrySlot): E {
    return this.entryCodec.read(view, 0, this.entryCodec.size);
  }

  asRaw(bytes: Uint8Array): RawKey<K> {
    return new RawKey(this.#fitting(bytes), own => this.decodeKey(own));
  }

  decodeKey(bytes: Uint8Array): K {
    return this.keyCodec.read(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length);
  }

  /** Bytes that are valid until the next call. */
  encodeKey(key: K | RawKey<K>): Uint8Array {
    const slot = this.slot('write a key of');
    this.writeKey(slot, key);
    return slot.key.bytes;
  }

  /** A codec knows the member that does not fit; the map's name is added here. */
  naming<T>(write: () => T, what: string): T {
    try {
      return write();
    } catch (cause) {
      throw this.#misfit(cause, what);
    }
  }

  #write<T>(codec: Codec<T>, view: DataView, value: T, what: string): void {
    const within = this.writing.now;
    this.writing.now = true;
    try {
      codec.write(view, 0, value);
    } catch (cause) {
      throw this.#misfit(cause, what);
    } finally {
      this.writing.now = within;
    }
  }

  #newSlot(): EntrySlot {
    return entrySlot(this.map.handle, this.map.keySize, this.entryCodec.size);
  }

  #fitting(bytes: Uint8Array): Uint8Array {
    if (bytes instanceof Uint8Array && bytes.length === this.map.keySize) return bytes;
    const got = bytes instanceof Uint8Array ? `${bytes.length}` : typeof bytes;
    const reason = `a raw key takes a Uint8Array of ${this.map.keySize} bytes, got ${got}`;
    throw new BpfError({ code: 'ERR_BPF_VALUE', operation: `write the key of map ${this.map.name}`, reason });
  }

  #misfit(cause: unknown, what: string): unknown {
    if (!(cause instanceof BpfError)) return cause;
    const reason = cause.message.replace(/^.*?: \w+, /, '');
    const operation = `write the ${what} of map ${this.map.name}`;
    return new BpfError({ code: cause.code, operation, reason, cause });
  }
}
