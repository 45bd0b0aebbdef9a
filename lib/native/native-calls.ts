/** What the addon's functions take and give, and those that answer at once. */

declare const kind: unique symbol;

/** What JavaScript holds of a native thing; only the addon can look inside. */
export interface NativeHandle<Kind extends string> {
  readonly [kind]: Kind;
}

export type ObjectHandle = NativeHandle<'object'>;
export type ProgramHandle = NativeHandle<'program'>;
export type LinkHandle = NativeHandle<'link'>;
export type MapHandle = NativeHandle<'map'>;
export type WalkHandle = NativeHandle<'walk'>;
export type RingBufferHandle = NativeHandle<'ring buffer'>;
export type UserRingBufferHandle = NativeHandle<'user ring buffer'>;
export type PerfEventHandle = NativeHandle<'perf event'>;
export type PerfWatcherHandle = NativeHandle<'perf watcher'>;
export type WatcherHandle = NativeHandle<'watcher'>;

/** A negative errno; 0 or a count where the call succeeded. */
export type Status = number;

/** `struct bpf_link_info`, and what its pointers pointed to. */
export type NativeLinkInfo = readonly [
  info: Uint8Array,
  text: string,
  places: BigUint64Array,
  counters: BigUint64Array,
  cookies: BigUint64Array,
];

/** Calls on the element in `memory`: its key, and behind that, eight-aligned, its entry. */
export interface BoundCalls {
  readonly memory: ArrayBuffer;
  readonly lookup: (flags: number) => Status;
  readonly update: (flags: number) => Status;
  readonly lookupAndDelete: (flags: number) => Status;
  readonly delete: (flags: number) => Status;
}

/** Calls that take less than a microsecond or so, or only look. */
export interface Calls {
  libbpfVersion(): string;
  numPossibleCpus(): number | Status;
  /** Bytes. */
  pageSize(): number;
  /** Nanoseconds of a `clockid_t`. */
  clockGettime(clock: number): bigint | Status;
  /** 0 once the descriptor has the file to itself; never waits. */
  fileLock(fd: number): Status;
  btfName(id: number): string | Status;
  btfNextId(id: number): number | Status;
  objectPrograms(object: ObjectHandle): ProgramHandle[] | Status;
  objectMaps(object: ObjectHandle): MapHandle[] | Status;
  programName(program: ProgramHandle): string | Status;
  programSectionName(program: ProgramHandle): string | Status;
  programType(program: ProgramHandle): number | Status;
  programExpectedAttachType(program: ProgramHandle): number | Status;
  programFd(program: ProgramHandle): number | Status;
  programAutoload(program: ProgramHandle): number | Status;
  programSetAutoload(program: ProgramHandle, autoload: boolean): Status;
  /** Bytes that were read; 0 where there is nothing. */
  programStreamRead(program: ProgramHandle, stream: number, out: Uint8Array): number | Status;
  programLogLevel(program: ProgramHandle): number | Status;
  programSetLogLevel(program: ProgramHandle, level: number): Status;
  /** `struct bpf_line_info` for each line; between `objectPrepare` and a load that fails. */
  programLineInfo(program: ProgramHandle): Uint8Array | Status;
  /** `struct bpf_insn` for each; functions behind the main one once it is prepared. */
  programInsns(program: ProgramHandle): Uint8Array | Status;
  programSetType(program: ProgramHandle, type: number, attachType: number): Status;
  programSetAttachTarget(program: ProgramHandle, targetFd: number, name: string): Status;
  linkFd(link: LinkHandle): number | Status;
  linkWay(link: LinkHandle): number | Status;
  linkInfo(link: LinkHandle): NativeLinkInfo | Status;
  linkIterCreate(link: LinkHandle): number | Status;
  linkDisconnect(link: LinkHandle): Status;
  linkNextId(id: number): number | Status;
  attachTypeByName(section: string): number | Status;
  /** libbpf's word for an `enum bpf_attach_type`. */
  attachTypeName(type: number): string | Status;
  mapName(map: MapHandle): string | Status;
  mapType(map: MapHandle): number | Status;
  mapKeySize(map: MapHandle): number | Status;
  mapValueSize(map: MapHandle): number | Status;
  mapMaxEntries(map: MapHandle): number | Status;
  mapFlags(map: MapHandle): number | Status;
  mapIsInternal(map: MapHandle): number | Status;
  mapFd(map: MapHandle): number | Status;
  mapSetMaxEntries(map: MapHandle, count: number): Status;
  mapSetValueSize(map: MapHandle, size: number): Status;
  mapLookupElem(map: MapHandle, key: Uint8Array, value: Uint8Array, flags: number): Status;
  mapUpdateElem(map: MapHandle, key: Uint8Array, value: Uint8Array, flags: number): Status;
  mapLookupAndDeleteElem(map: MapHandle, key: Uint8Array, value: Uint8Array, flags: number): Status;
  mapDeleteElem(map: MapHandle, key: Uint8Array): Status;
  mapGetNextKey(map: MapHandle, key: Uint8Array | null, next: Uint8Array): Status;
  mapBind(map: MapHandle, keySize: number, entrySize: number): BoundCalls | Status;
  mapFreeze(map: MapHandle): Status;
  /** `struct bpf_map_info`. */
  mapInfo(map: MapHandle): Uint8Array | Status;
  mapNextId(id: number): number | Status;
  /** A descriptor that is the caller's to close. */
  pidfdOpen(pid: number): number | Status;
  mapSetType(map: MapHandle, type: number): Status;
  mapSetFlags(map: MapHandle, flags: number): Status;
  mapSetNumaNode(map: MapHandle, node: number): Status;
  mapSetIfindex(map: MapHandle, index: number): Status;
  mapSetExtra(map: MapHandle, extra: bigint): Status;
  mapSetAutocreate(map: MapHandle, autocreate: boolean): Status;
  mapSetPinPath(map: MapHandle, path: string | null): Status;
  mapSetInnerMapFd(map: MapHandle, fd: number): Status;
  mapReuseFd(map: MapHandle, fd: number): Status;
  mapNumaNode(map: MapHandle): number | Status;
  mapAutocreate(map: MapHandle): number | Status;
  mapIsPinned(map: MapHandle): number | Status;
  /** Empty where there is none. */
  mapPinPath(map: MapHandle): string | Status;
  mapReadValue(map: MapHandle, offset: number, out: Uint8Array): Status;
  mapWriteValue(map: MapHandle, offset: number, bytes: Uint8Array): Status;
  mapSectionSize(map: MapHandle): number | Status;
  mapWalk(map: MapHandle): WalkHandle | Status;
  walkTake(walk: WalkHandle, keys: Uint8Array, entries: Uint8Array): number | Status;
  walkColumn(
    walk: WalkHandle,
    ofKeys: boolean,
    offset: number,
    size: number,
    out: Uint8Array,
    first: number,
  ): number | Status;
  perCpuReduce(
    entries: Uint8Array,
    valueSize: number,
    cpus: number,
    how: number,
    fields: Uint32Array,
    out: Uint8Array,
  ): Status;
  mapMmap(map: MapHandle, bytes: number): ArrayBuffer | Status;
  arenaMmap(map: MapHandle): ArrayBuffer | Status;
  arenaAddress(map: MapHandle): bigint | Status;
  arenaSize(map: MapHandle): number | Status;
  /** Of the variables of its object, behind its start. */
  arenaDataOffset(map: MapHandle): number | Status;
  memoryRevoke(buffer: ArrayBuffer): Status;
  ringBufferOpen(map: MapHandle): RingBufferHandle | Status;
  /** `report`: 32-bit words: bytes used, each record's length, bytes that waited, bytes needed, bytes lost, copied. */
  ringBufferDrain(
    ring: RingBufferHandle,
    out: Uint8Array,
    maxRecords: number,
    report: Uint8Array,
  ): number | Status;
  /** Counts, and copies and commits what `out` has room for. */
  ringBufferScan(
    ring: RingBufferHandle,
    out: Uint8Array,
    bytes: number,
    maxRecords: number,
    report: Uint8Array,
  ): number | Status;
  ringBufferTake(ring: RingBufferHandle, out: Uint8Array): Status;
  ringBufferSkip(ring: RingBufferHandle): Status;
  ringBufferAvailable(ring: RingBufferHandle): number | Status;
  ringBufferFd(ring: RingBufferHandle): number | Status;
  ringBufferClose(ring: RingBufferHandle): Status;
  userRingBufferOpen(map: MapHandle): UserRingBufferHandle | Status;
  /** The reservation's number. */
  userRingBufferReserve(ring: UserRingBufferHandle, size: number): number | Status;
  userRingBufferSubmit(ring: UserRingBufferHandle, reservation: number, bytes: Uint8Array): Status;
  userRingBufferDiscard(ring: UserRingBufferHandle, reservation: number): Status;
  /** Readable when a program has drained something since the last attempt to reserve. */
  userRingBufferFd(ring: UserRingBufferHandle): number | Status;
  userRingBufferClose(ring: UserRingBufferHandle): Status;
  perfEventOpen(attr: Uint8Array, pid: number, cpu: number, groupFd: number): PerfEventHandle | Status;
  perfEventFd(event: PerfEventHandle): number | Status;
  perfEventEnable(event: PerfEventHandle): Status;
  perfEventDisable(event: PerfEventHandle): Status;
  perfEventReset(event: PerfEventHandle): Status;
  perfEventPauseOutput(event: PerfEventHandle, pause: boolean): Status;
  perfEventRead(event: PerfEventHandle, out: Uint8Array): number | Status;
  perfEventMap(event: PerfEventHandle, bytes: number, backward: boolean): Status;
  /** `report`: 16 bytes: u32 used, u32 needed by a record that did not fit, u64 lost. */
  perfEventDrain(
    event: PerfEventHandle,
    out: Uint8Array,
    maxRecords: number,
    note: number,
    timed: boolean,
    report: Uint8Array,
  ): number | Status;
  perfEventAvailable(event: PerfEventHandle): number | Status;
  perfEventClose(event: PerfEventHandle): Status;
  perfWatcherOpen(onReadable: () => void): PerfWatcherHandle | Status;
  perfWatcherAdd(watcher: PerfWatcherHandle, event: PerfEventHandle): Status;
  /** 1 where something came already. */
  perfWatcherArm(watcher: PerfWatcherHandle): number | Status;
  perfWatcherDisarm(watcher: PerfWatcherHandle): Status;
  perfWatcherKeepAlive(watcher: PerfWatcherHandle, alive: boolean): Status;
  perfWatcherClose(watcher: PerfWatcherHandle): Status;
  /** Calls back with the descriptors that were reported, or, at a tick, with none. */
  watcherOpen(callback: (...fds: number[]) => void): WatcherHandle | Status;
  watcherArm(watcher: WatcherHandle, fd: number, once: boolean): Status;
  watcherForget(watcher: WatcherHandle, fd: number): Status;
  /** Every so many milliseconds; 0: no more. */
  watcherTick(watcher: WatcherHandle, milliseconds: number): Status;
  watcherKeepAlive(watcher: WatcherHandle, alive: boolean): Status;
  watcherClose(watcher: WatcherHandle): Status;
}
