/** Functions of native/map: maps. */
import type { Errno, MapHandle, ProgramHandle, Status, WalkHandle } from './handles.js';

/**
 * Calls on the element in `memory`: its key, and behind that, eight-aligned, its entry. Flags that are not given are 0, and
 * success is undefined, for passing numbers takes a tenth of such a call.
 */
export interface BoundCalls {
  readonly memory: ArrayBuffer;
  readonly lookup: (flags?: number) => Errno | undefined;
  readonly update: (flags?: number) => Errno | undefined;
  readonly lookupAndDelete: (flags?: number) => Errno | undefined;
  readonly delete: () => Errno | undefined;
}

/** Calls that take less than a microsecond or so, or only look. */
export interface MapCalls {
  mapName(map: MapHandle): string | Errno;
  mapType(map: MapHandle): Status;
  mapKeySize(map: MapHandle): Status;
  mapValueSize(map: MapHandle): Status;
  mapMaxEntries(map: MapHandle): Status;
  mapFlags(map: MapHandle): Status;
  mapIsInternal(map: MapHandle): Status;
  mapFd(map: MapHandle): Status;
  mapSetMaxEntries(map: MapHandle, count: number): Status;
  mapSetKeySize(map: MapHandle, size: number): Status;
  mapSetValueSize(map: MapHandle, size: number): Status;
  mapLookupElem(map: MapHandle, key: Uint8Array, value: Uint8Array, flags: number): Status;
  mapUpdateElem(map: MapHandle, key: Uint8Array, value: Uint8Array, flags: number): Status;
  mapLookupAndDeleteElem(map: MapHandle, key: Uint8Array, value: Uint8Array, flags: number): Status;
  mapDeleteElem(map: MapHandle, key: Uint8Array): Status;
  mapGetNextKey(map: MapHandle, key: Uint8Array | null, next: Uint8Array): Status;
  mapBind(map: MapHandle, keySize: number, entrySize: number): BoundCalls | Errno;
  mapFreeze(map: MapHandle): Status;
  /** `struct bpf_map_info`. */
  mapInfo(map: MapHandle): Uint8Array | Errno;
  mapNextId(id: number): Status;
  /** A descriptor that is the caller's to close. */
  pidfdOpen(pid: number): Status;
  mapSetType(map: MapHandle, type: number): Status;
  mapSetFlags(map: MapHandle, flags: number): Status;
  mapSetNumaNode(map: MapHandle, node: number): Status;
  mapSetIfindex(map: MapHandle, index: number): Status;
  mapSetExtra(map: MapHandle, extra: bigint): Status;
  mapSetAutocreate(map: MapHandle, autocreate: boolean): Status;
  mapAutoattach(map: MapHandle): Status;
  mapSetAutoattach(map: MapHandle, autoattach: boolean): Status;
  /** Both of one object. */
  mapSetExclusiveProgram(map: MapHandle, program: ProgramHandle): Status;
  mapSetPinPath(map: MapHandle, path: string | null): Status;
  mapSetInnerMapFd(map: MapHandle, fd: number): Status;
  mapReuseFd(map: MapHandle, fd: number): Status;
  mapNumaNode(map: MapHandle): Status;
  mapAutocreate(map: MapHandle): Status;
  mapIsPinned(map: MapHandle): Status;
  /** Empty where there is none. */
  mapPinPath(map: MapHandle): string | Errno;
  mapReadValue(map: MapHandle, offset: number, out: Uint8Array): Status;
  mapWriteValue(map: MapHandle, offset: number, bytes: Uint8Array): Status;
  mapSectionSize(map: MapHandle): Status;
  mapWalk(map: MapHandle): WalkHandle | Errno;
  walkTake(walk: WalkHandle, keys: Uint8Array, entries: Uint8Array): Status;
  walkColumn(
    walk: WalkHandle,
    ofKeys: boolean,
    offset: number,
    size: number,
    out: Uint8Array,
    first: number,
  ): Status;
  perCpuReduce(
    entries: Uint8Array,
    valueSize: number,
    cpus: number,
    how: number,
    fields: Uint32Array,
    out: Uint8Array,
  ): Status;
  mapMmap(map: MapHandle, bytes: number): ArrayBuffer | Errno;
  arenaMmap(map: MapHandle): ArrayBuffer | Errno;
  arenaAddress(map: MapHandle): bigint | Errno;
  arenaSize(map: MapHandle): Status;
  /** Of the variables of its object, behind its start. */
  arenaDataOffset(map: MapHandle): Status;
  memoryRevoke(buffer: ArrayBuffer): Status;
}

/** Calls that may block; each exists as a promise and with `Sync` behind its name. */
export interface MapJobs {
  /** A descriptor that is the caller's to close. */
  btfLoad(bytes: Uint8Array, token: number): Status;
  mapCreate(
    type: number,
    name: string,
    keySize: number,
    valueSize: number,
    maxEntries: number,
    flags: number,
    extra: bigint,
    numaNode: number,
    ifindex: number,
    innerFd: number,
    btfFd: number,
    keyType: number,
    valueType: number,
    token: number,
  ): MapHandle;
  mapOpenPinned(path: string, fileFlags: number): MapHandle;
  mapOpenById(id: number, flags: number): MapHandle;
  mapOpenFd(fd: number): MapHandle;
  mapPin(map: MapHandle, path: string): Status;
  mapClose(map: MapHandle): Status;
  /** `fill`: 0 looks up, 1 drains; by batch, or with 2 more key by key. */
  walkNext(walk: WalkHandle, fill: number, count: number): Status;
  /** Each answers `int32` status and `uint32` count; the first also a byte and a value for each key. */
  mapLookupMany(map: MapHandle, keys: Uint8Array): Uint8Array;
  mapUpdateMany(
    map: MapHandle,
    keys: Uint8Array,
    entries: Uint8Array,
    flags: number,
    batch: boolean,
  ): Uint8Array;
  mapDeleteMany(map: MapHandle, keys: Uint8Array, batch: boolean): Uint8Array;
}
