/** What every live map has: its handle, its object, its sizes, its life; and the errors of its calls. */

import { constants } from 'node:os';
import type { BpfError } from '../errors/bpf-error.js';
import { isOlderThan } from '../host/kernel.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import { check, errnoError, errnoName } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { type MapHandle, native, type Outcome, type Status } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import { Pinnable } from '../native/pinnable.js';
import { hintOf } from './hints.js';
import { type MapInfo, readMapInfo } from './map-info.js';

const { ENOENT } = constants.errno;

/** What a worker needs to open the same map: `worker.postMessage(map.share())`, and `openMap()` there. */
export interface SharedMap {
  readonly fd: number;
  /** So that a descriptor that has become something else is noticed. */
  readonly id: number;
}

/** What every map is made of; a map with elements has codecs behind that. */
type BareParts<Kind> = readonly [
  handle: MapHandle,
  state: ObjectState,
  name: string,
  kind: Kind,
  ...codecs: readonly unknown[],
];

/** A map that was created; each face is a class of its own. */
export abstract class MapBase<Kind extends MapKindName = MapKindName> extends Pinnable {
  /** @internal */
  readonly handle: MapHandle;
  /** libbpf_bpf_map_type_str()'s name of the map type, as `percpu_hash`. */
  readonly kind: Kind;
  /** Bytes of a key; 0 where there is none. */
  readonly keySize: number;
  /** Bytes of a value on one CPU; 0 where there is none. */
  readonly valueSize: number;
  /** Entries at most; bytes of a ring buffer. */
  readonly maxEntries: number;

  /** @internal */
  constructor(...[handle, state, name, kind]: BareParts<Kind>) {
    super(state, name);
    this.handle = handle;
    this.kind = kind;
    this.keySize = check(native().mapKeySize(handle), `key size of map ${name}`);
    this.valueSize = check(native().mapValueSize(handle), `value size of map ${name}`);
    this.maxEntries = check(native().mapMaxEntries(handle), `size of map ${name}`);
  }

  /** The map's file descriptor; borrowed, closed with its object, or with the map where it has none. */
  get fd(): number {
    const fd = native().mapFd(this.handle);
    const operation = this.state.use(`fd of map ${this.name}`);
    if (fd >= 0) return fd;
    const status = errnoName(fd) === 'EPERM' ? -ENOENT : fd;
    throw errnoError(status, operation, {
      reason: 'it was not created',
      hint: 'was its autocreate set to false?',
    });
  }

  /** What `BPF_OBJ_GET_INFO_BY_FD` tells of it, now. */
  get info(): MapInfo {
    const operation = this.state.use(`describe map ${this.name}`);
    return readMapInfo(check(native().mapInfo(this.handle), operation) as Uint8Array, this.fd);
  }

  /** @internal */
  protected get what(): 'map' {
    return 'map';
  }

  /** @internal */
  protected makePin(path: string): Flow<Outcome<Status>> {
    return job('mapPin', this.use('pin'), path);
  }

  /** @internal */
  protected override get pinPathOfLoad(): string | undefined {
    if (native().mapIsPinned(this.handle) !== 1) return undefined;
    return native().mapPinPath(this.handle) as string;
  }

  /**
   * From now on no process can write by system call; programs still can.
   *
   * @throws BpfError `EBUSY` or `EPERM` when it is frozen already, `EBUSY` when it is mapped writable (map_freeze()
   * in kernel/bpf/syscall.c).
   * @since Linux 5.2
   */
  freeze(): this {
    const status = native().mapFreeze(this.use('freeze'));
    if (status !== 0) throw this.failure(status, 'freeze');
    return this;
  }

  /** What to send to a worker of this process; the map must stay open until the worker has opened it. */
  share(): SharedMap {
    return { fd: this.fd, id: this.info.id };
  }

  /** @internal The handle, while the map is open. */
  use(verb: string): MapHandle {
    // The operation's name is made where it is told: this runs for every lookup.
    if (this.state.closed) this.state.use(`${verb} map ${this.name}`);
    return this.handle;
  }

  /** @internal The error of a failed call on this map, with the map's own limits in it, and what was done before. */
  failure(status: Status, verb: string, remedy?: string, done?: string): BpfError {
    if (this.state.closed) return this.state.closedError(`${verb} map ${this.name}`);
    const hint = remedy ?? hintOf(this, native().mapFd(this.handle) >= 0, errnoName(status), verb);
    return errnoError(status, `${verb} map ${this.name}`, {
      hint: [hint, done].filter(Boolean).join('; ') || undefined,
    });
  }

  /** @internal Where a call came to Linux later than its map, and this kernel is older. */
  newerKernel(version: string, what: string): string | undefined {
    return isOlderThan(version) ? `${what} of a map of kind ${this.kind} needs Linux ${version}` : undefined;
  }
}
