/** Sockets that programs redirect to, or choose from. */

import type { MapKindName } from '../kinds/map-kinds.js';
import { errnoName } from '../native/errno.js';
import { type SocketLike, socketDescriptor } from '../native/socket-descriptor.js';
import { MapElements } from './elements.js';
import type { MapParts } from './encoded.js';
import { MapBase } from './map-state.js';
import type { RawKey } from './raw-key.js';
import { flagsOf, type UpdateFlag } from './update-flags.js';
import type { Walk, WalkOptions } from './walk.js';

/**
 * A sockmap or reuseport array, by index, or a sockhash, by key. A socket leaves it when it is closed
 * (sock_map_close() in net/core/sock_map.c).
 *
 * @since Linux 4.14; sockhash 4.18, reuseport arrays 4.19
 * @example
 * ```ts
 * bpf.maps.peers.set(0, connection);
 * ```
 */
export class SocketMap<K = number, Kind extends MapKindName = MapKindName> extends MapBase<Kind> {
  /** @internal */
  readonly elements: MapElements<K, bigint>;

  /** @internal */
  constructor(...parts: MapParts<K, bigint, Kind>) {
    super(...parts);
    this.elements = new MapElements(this, parts);
  }

  /**
   * The cookie of the socket in a place, as `SO_COOKIE` gives it; undefined where there is none.
   *
   * @throws BpfError `ENOSPC` where the map's values have 4 bytes: declare them with 8 (sock_map_lookup_sys() in
   * net/core/sock_map.c).
   * @since Linux 5.7; reuseport arrays 4.19
   */
  get(key: K | RawKey<K>): bigint | undefined {
    return this.elements.lookup(key);
  }

  /**
   * Puts a socket in a place: one of Node's, or `{ fd }`.
   *
   * @throws BpfError `EOPNOTSUPP` for a socket of another protocol, or in another state (sock_map_sk_state_allowed()
   * in net/core/sock_map.c; TCP: established or listening), `EEXIST` and `ENOENT` as the flag says.
   */
  set(key: K | RawKey<K>, socket: SocketLike, flag: UpdateFlag = 'any'): this {
    this.elements.update(
      key,
      BigInt(socketDescriptor(socket, `update map ${this.name}`)),
      flagsOf(flag, this.name),
    );
    return this;
  }

  /** Takes a socket out; false where there was none. */
  delete(key: K | RawKey<K>): boolean {
    return this.elements.remove(key);
  }

  /** The keys: of a sockmap every index. */
  keys(options?: WalkOptions): Generator<K, Walk, undefined> {
    return this.elements.walkKeys(options);
  }

  /** {@link keys}, each as its bytes in the map: what names one key where several read alike. */
  rawKeys(options?: WalkOptions): Generator<RawKey<K>, Walk, undefined> {
    return this.elements.walkBytes(options, key => this.elements.asRaw(key));
  }

  /** Keys of places that hold a socket, with its cookie. */
  entries(options?: WalkOptions): Generator<[K, bigint], Walk, undefined> {
    return this.elements.walkEntries(options);
  }

  [Symbol.iterator](): Generator<[K, bigint], Walk, undefined> {
    return this.elements.walkEntries();
  }

  /** @internal */
  override failure(status: number, verb: string, hint?: string) {
    const code = errnoName(status);
    if (code === 'ENOSPC')
      return super.failure(status, verb, 'cookies have 8 bytes: declare the value __u64');
    if (verb !== 'update' || code !== 'EOPNOTSUPP') return super.failure(status, verb, hint);
    return super.failure(
      status,
      verb,
      'it takes TCP sockets that are connected, or UDP and listening ones on newer kernels',
    );
  }
}
