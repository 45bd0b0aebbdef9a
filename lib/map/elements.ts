/** One element at a time, for all kinds of maps that have elements: each class shows what is true of its kind. */
import type { BulkAccess } from '../bulk/bulk.js';
import type { Codec } from '../codec/codec.js';
import { errnoName } from '../errno.js';
import { BpfError } from '../errors.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import { type MapHandle, native } from '../native.js';
import type { ObjectState } from '../object-state.js';
import { MapBase } from './map-state.js';
import type { SlotAccess } from './per-cpu-slot.js';
import { lockFlag } from './update-flags.js';
import { type Walk, type WalkOptions, walk } from './walk.js';

/** Bytes of one key or value, reused from call to call. */
interface Slot {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

function slot(size: number): Slot {
  const bytes = new Uint8Array(size);
  return { bytes, view: new DataView(bytes.buffer) };
}

/** A map with elements. `E` is what an entry holds: a value, or a value for each CPU. */
export abstract class ElementMap<K, E, Kind extends MapKindName> extends MapBase<Kind> {
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

  /** @internal */
  protected lookup(key: K, flags = 0, verb = 'look up in'): E | undefined {
    return this.lookupBytes(key, flags, verb) && this.#decoded();
  }

  /** @internal The bytes of an entry, valid until the next call. */
  protected lookupBytes(key: K, flags = 0, verb = 'look up in'): Uint8Array | undefined {
    const handle = this.use(verb);
    const status = native().mapLookupElem(handle, this.encodeKey(key), this.#value.bytes, flags);
    if (status === 0) return this.#value.bytes;
    if (status === -ENOENT) return undefined;
    throw this.failure(status, verb, this.#lockHint(status, flags));
  }

  /** @internal */
  protected update(key: K, entry: E, flags = 0, verb = 'update'): void {
    const handle = this.use(verb);
    // The value first: its getters may be somebody's code, which may use this map.
    const value = this.encodeEntry(entry);
    const status = native().mapUpdateElem(handle, this.encodeKey(key), value, flags);
    if (status !== 0) throw this.failure(status, verb, this.#lockHint(status, flags));
  }

  /** @internal */
  protected remove(key: K, verb = 'delete from'): boolean {
    const handle = this.use(verb);
    const status = native().mapDeleteElem(handle, this.encodeKey(key));
    if (status === 0) return true;
    if (status === -ENOENT) return false;
    throw this.failure(status, verb);
  }

  /** @internal `since` is the release that brought it to this kind. */
  protected removeAndGet(key: K, flags: number, verb: string, since: string): E | undefined {
    const handle = this.use(verb);
    const status = native().mapLookupAndDeleteElem(handle, this.encodeKey(key), this.#value.bytes, flags);
    if (status === 0) return this.#decoded();
    if (status === -ENOENT) return undefined;
    throw this.failure(status, verb, this.newerKernel(since, 'lookup-and-delete'));
  }

  /** @internal The key behind another, or the first one. */
  protected keyAfter(key: K | undefined): K | undefined {
    const next = this.bytesAfter(key === undefined ? null : this.encodeKey(key));
    return next && this.decodeKey(next);
  }

  /** @internal */
  protected *walkKeys(options?: WalkOptions): Generator<K, Walk, undefined> {
    const keys = walk(key => this.bytesAfter(key), this.name, this.#most, options);
    for (;;) {
      const step = keys.next();
      if (step.done) return step.value;
      yield this.decodeKey(step.value);
    }
  }

  /** @internal Keys with their entries; a key that is deleted meanwhile is left out. */
  protected *walkEntries(options?: WalkOptions): Generator<[K, E], Walk, undefined> {
    const keys = this.walkKeys(options);
    for (;;) {
      const step = keys.next();
      if (step.done) return step.value;
      const entry = this.lookup(step.value);
      if (entry !== undefined) yield [step.value, entry];
    }
  }

  /** @internal */
  protected encodeKey(key: K): Uint8Array {
    const { bytes, view } = this.#key;
    bytes.fill(0);
    try {
      this.keyCodec.write(view, 0, key);
    } catch (cause) {
      throw this.#misfit(cause, 'key');
    }
    return bytes;
  }

  /** @internal */
  protected encodeEntry(entry: E): Uint8Array {
    const { bytes, view } = this.#value;
    bytes.fill(0);
    try {
      this.entryCodec.write(view, 0, entry);
    } catch (cause) {
      throw this.#misfit(cause, 'value');
    }
    return bytes;
  }

  /** @internal */
  protected bytesAfter(key: Uint8Array | null): Uint8Array | undefined {
    const handle = this.use('walk');
    const next = new Uint8Array(this.keySize);
    const status = native().mapGetNextKey(handle, key, next);
    if (status === 0) return next;
    if (status === -ENOENT) return undefined;
    throw this.failure(status, 'walk');
  }

  /** @internal A codec knows the member that does not fit; the map's name is added here. */
  protected naming<T>(write: () => T, what: string): T {
    try {
      return write();
    } catch (cause) {
      throw this.#misfit(cause, what);
    }
  }

  /** @internal For calls on many entries. */
  protected bulkAccess(): BulkAccess<K, E> {
    const { handle, state, name, keySize, keyCodec, entryCodec } = this;
    return {
      map: { handle, state, name, keySize, entrySize: entryCodec.size, maxEntries: this.#most },
      keyCodec,
      entryCodec,
      encodeKey: key => this.encodeKey(key),
      encodeEntry: entry => this.encodeEntry(entry),
      failure: (status, verb, hint) => this.failure(status, verb, hint),
    };
  }

  /** @internal For calls whose value is not a whole entry. */
  protected slotAccess(): SlotAccess<K> {
    return {
      name: this.name,
      lookup: (key, bytes, flags) =>
        native().mapLookupElem(this.use('look up in'), this.encodeKey(key), bytes, flags),
      update: (key, bytes, flags) =>
        native().mapUpdateElem(this.use('update'), this.encodeKey(key), bytes, flags),
      fail: (status, verb, hint) => this.failure(status, verb, hint),
      naming: (write, what) => this.naming(write, what),
    };
  }

  /** @internal */
  protected decodeKey(bytes: Uint8Array): K {
    return this.keyCodec.read(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length);
  }

  /** As many entries as there may be: storage of cgroups has one for each, however many those are. */
  get #most(): number {
    return this.maxEntries || Number.POSITIVE_INFINITY;
  }

  #misfit(cause: unknown, what: string): unknown {
    if (!(cause instanceof BpfError)) return cause;
    const reason = cause.message.replace(/^.*?: \w+, /, '');
    const operation = `write the ${what} of map ${this.name}`;
    return new BpfError({ code: cause.code, operation, reason, cause });
  }

  #decoded(): E {
    return this.entryCodec.read(this.#value.view, 0, this.entryCodec.size);
  }

  #lockHint(status: number, flags: number): string | undefined {
    if ((flags & lockFlag) === 0 || errnoName(status) !== 'EINVAL') return undefined;
    return 'only a value with a struct bpf_spin_lock can be locked; the map needs BTF that says so';
  }
}

/** The same number on every Linux. */
const ENOENT = 2;
