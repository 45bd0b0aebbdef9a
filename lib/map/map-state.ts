/** What every live map has: its handle, its object, its sizes; and the errors of its calls. */
import { check, errnoError, errnoName } from '../errno.js';
import type { BpfError } from '../errors.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import { type MapHandle, native, type Status } from '../native.js';
import type { ObjectState } from '../object-state.js';

/** A map in the kernel; each face of it is a class of its own. */
export abstract class MapBase<Kind extends MapKindName = MapKindName> {
  /** @internal */
  protected readonly handle: MapHandle;
  /** @internal */
  protected readonly state: ObjectState;
  /** The map's name in its object. */
  readonly name: string;
  /** libbpf's name of the map type, as `percpu_hash`. */
  readonly kind: Kind;
  /** Bytes of a key; 0 where there is none. */
  readonly keySize: number;
  /** Bytes of a value on one CPU; 0 where there is none. */
  readonly valueSize: number;
  /** Entries at most; bytes of a ring buffer. */
  readonly maxEntries: number;

  /** @internal */
  constructor(handle: MapHandle, state: ObjectState, name: string, kind: Kind) {
    this.handle = handle;
    this.state = state;
    this.name = name;
    this.kind = kind;
    this.keySize = check(native().mapKeySize(handle), `key size of map ${name}`);
    this.valueSize = check(native().mapValueSize(handle), `value size of map ${name}`);
    this.maxEntries = check(native().mapMaxEntries(handle), `size of map ${name}`);
  }

  /** The map's file descriptor; borrowed, closed with its object. */
  get fd(): number {
    return check(native().mapFd(this.handle), this.state.use(`fd of map ${this.name}`));
  }

  /** The error of a failed call on this map, with the map's own limits in it. */
  protected failure(status: Status, verb: string): BpfError {
    const operation = `${verb} map ${this.name}`;
    return errnoError(status, operation, { hint: this.#hint(errnoName(status), verb) });
  }

  #hint(code: string, verb: string): string | undefined {
    if (code === 'E2BIG')
      return `it holds ${this.maxEntries} entries at most; delete some or set maxEntries before load`;
    if (code === 'EEXIST') return "the key is there; 'any' or 'exist' overwrites";
    if (code === 'ENOENT') return "the key is not there; 'any' or 'noexist' adds it";
    if (code === 'EINVAL' && verb === 'delete from')
      return `entries of a map of kind ${this.kind} cannot be deleted`;
    if (code === 'EPERM') return 'the map is frozen or read-only from user space';
    return undefined;
  }
}
