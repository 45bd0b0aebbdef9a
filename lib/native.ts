/** The only door to the addon: loads it on first use and types its functions. Nobody else touches it. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { BpfError } from './errors.js';
import { packageFolder } from './package.js';

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
interface Calls {
  libbpfVersion(): string;
  numPossibleCpus(): number | Status;
  /** Nanoseconds of a `clockid_t`. */
  clockGettime(clock: number): bigint | Status;
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
  /** `report`: five 32-bit words: bytes used, each record's length, bytes that waited, bytes needed, bytes lost. */
  ringBufferDrain(
    ring: RingBufferHandle,
    out: Uint8Array,
    maxRecords: number,
    report: Uint8Array,
  ): number | Status;
  ringBufferScan(
    ring: RingBufferHandle,
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
  watcherOpen(onReadable: (fds: readonly number[]) => void): WatcherHandle | Status;
  watcherArm(watcher: WatcherHandle, fd: number): Status;
  watcherForget(watcher: WatcherHandle, fd: number): Status;
  watcherKeepAlive(watcher: WatcherHandle, alive: boolean): Status;
  watcherClose(watcher: WatcherHandle): Status;
}

/** Where among the programs of a hook. */
export type Order = readonly [flags: number, relativeFd: number, relativeId: number, revision: bigint];

/** Calls that may block; each exists as a promise and with `Sync` behind its name. */
export interface Jobs {
  /**
   * `btf`: a file to relocate against; the running kernel's types where it is empty. `kconfig`: options that go before
   * the kernel's own. `token`: the bpffs to have a token from; empty for none, null for libbpf's choice.
   */
  objectOpen(
    bytes: Uint8Array,
    name: string,
    btf: string,
    kconfig: string | null,
    token: string | null,
  ): ObjectHandle;
  objectPrepare(object: ObjectHandle): void;
  objectLoad(object: ObjectHandle): void;
  objectClose(object: ObjectHandle): void;
  /**
   * Runs it, `dataRoom` and `contextRoom` bytes being free for what comes back: u32 retval, u32 nanoseconds, u32 bytes of
   * data, u32 bytes of context, and both. Without room for a context, the given one as it is afterwards.
   */
  programTestRun(
    program: ProgramHandle,
    data: Uint8Array,
    context: Uint8Array,
    dataRoom: number,
    contextRoom: number,
    repeat: number,
    flags: number,
    cpu: number,
    batchSize: number,
  ): Uint8Array;
  programAttach(program: ProgramHandle): LinkHandle;
  programAttachKprobe(
    program: ProgramHandle,
    name: string,
    offset: number,
    retprobe: boolean,
    cookie: bigint,
    mode: number,
  ): LinkHandle;
  programAttachKprobeMulti(
    program: ProgramHandle,
    pattern: string | null,
    symbols: readonly string[],
    addresses: BigUint64Array,
    cookies: BigUint64Array,
    retprobe: boolean,
    session: boolean,
    unique: boolean,
  ): LinkHandle;
  programAttachKsyscall(program: ProgramHandle, name: string, retprobe: boolean, cookie: bigint): LinkHandle;
  programAttachUprobe(
    program: ProgramHandle,
    pid: number,
    path: string,
    name: string | null,
    offset: number,
    refCounterOffset: number,
    retprobe: boolean,
    cookie: bigint,
    mode: number,
  ): LinkHandle;
  programAttachUprobeMulti(
    program: ProgramHandle,
    pid: number,
    path: string,
    pattern: string | null,
    symbols: readonly string[],
    offsets: BigUint64Array,
    refCounterOffsets: BigUint64Array,
    cookies: BigUint64Array,
    retprobe: boolean,
    session: boolean,
  ): LinkHandle;
  programAttachUsdt(
    program: ProgramHandle,
    pid: number,
    path: string,
    provider: string,
    name: string,
    cookie: bigint,
  ): LinkHandle;
  programAttachTracepoint(program: ProgramHandle, category: string, name: string, cookie: bigint): LinkHandle;
  programAttachRawTracepoint(program: ProgramHandle, name: string, cookie: bigint): LinkHandle;
  programAttachTrace(program: ProgramHandle, cookie: bigint): LinkHandle;
  programAttachFreplace(program: ProgramHandle, targetFd: number, name: string): LinkHandle;
  programAttachIter(program: ProgramHandle, linkInfo: Uint8Array): LinkHandle;
  programAttachPerfEvent(
    program: ProgramHandle,
    attr: Uint8Array,
    pid: number,
    cpu: number,
    cookie: bigint,
  ): LinkHandle;
  programAttachXdp(program: ProgramHandle, netns: number, index: number, flags: number): LinkHandle;
  programAttachXdpNetlink(
    program: ProgramHandle,
    netns: number,
    index: number,
    mode: number,
    replacedFd: number,
  ): LinkHandle;
  programAttachTcx(program: ProgramHandle, netns: number, index: number, ...order: Order): LinkHandle;
  programAttachNetkit(program: ProgramHandle, netns: number, index: number, ...order: Order): LinkHandle;
  programAttachTc(
    program: ProgramHandle,
    netns: number,
    index: number,
    point: number,
    handle: number,
    priority: number,
    flags: number,
  ): LinkHandle;
  programAttachNetfilter(
    program: ProgramHandle,
    netns: number,
    family: number,
    hook: number,
    priority: number,
    flags: number,
  ): LinkHandle;
  programAttachNetns(program: ProgramHandle, netns: number): LinkHandle;
  programAttachCgroup(program: ProgramHandle, cgroup: number, ...order: Order): LinkHandle;
  programAttachSockmap(program: ProgramHandle, mapFd: number): LinkHandle;
  programAttachProg(
    program: ProgramHandle,
    netns: number,
    target: number,
    isInterface: boolean,
    flags: number,
    replacedFd: number,
    relativeFd: number,
    relativeId: number,
    revision: bigint,
  ): LinkHandle;
  programAttachSocket(program: ProgramHandle, socket: number, reuseport: boolean): LinkHandle;
  /** A descriptor that is the caller's to close. */
  btfLoad(bytes: Uint8Array): number;
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
  ): MapHandle;
  mapOpenPinned(path: string, fileFlags: number): MapHandle;
  mapOpenById(id: number, flags: number): MapHandle;
  mapOpenFd(fd: number): MapHandle;
  mapPin(map: MapHandle, path: string): void;
  mapClose(map: MapHandle): void;
  /** `fill`: 0 looks up, 1 drains; by batch, or with 2 more key by key. */
  walkNext(walk: WalkHandle, fill: number, count: number): number;
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
  mapAttachStructOps(map: MapHandle): LinkHandle;
  progQuery(netns: number, target: number, type: number, flags: number): Uint8Array;
  hookQuery(netns: number, target: number, type: number, flags: number, details: boolean): Uint8Array;
  xdpQueryId(netns: number, index: number, mode: number): number;
  tcQueryId(netns: number, index: number, point: number, handle: number, priority: number): number;
  /** 1 or 0, as the other probes. */
  probeProgType(type: number): number;
  probeMapType(type: number): number;
  probeHelper(type: number, helper: number): number;
  /** 0 or an errno. */
  probeInstructions(type: number, code: Uint8Array, flags: number): number;
  programNameById(id: number): string;
  /** A record of lib/inspect, with the lists whose bits are in `parts`. */
  programInfo(fd: number, parts: number): Uint8Array;
  programInfoById(id: number, parts: number): Uint8Array;
  programInfoPinned(path: string, parts: number): Uint8Array;
  /** `kind`: 0 programs, 1 maps, 2 BTFs; looks at `count` of them behind a number. */
  inKernel(kind: number, id: number, count: number): Uint8Array;
  /** u32 program, u32 type, u64 offset, u64 address, a name. */
  taskFdQuery(pid: number, fd: number): Uint8Array;
  /** What is pinned there, as `anon_inode:bpf-map`, and the lines of its fdinfo. */
  pinQuery(path: string): string;
  /** A descriptor that is the caller's to close. */
  enableStats(type: number): number;
  ifNameIndex(netns: number): string;
  linkDestroy(link: LinkHandle): void;
  linkPin(link: LinkHandle, path: string): void;
  linkUnpin(link: LinkHandle): void;
  linkOpen(path: string): LinkHandle;
  linkDetach(link: LinkHandle): void;
  linkById(id: number): LinkHandle;
  linkUpdateMap(link: LinkHandle, map: MapHandle): void;
  linkUpdate(link: LinkHandle, program: ProgramHandle, expected: ProgramHandle | null): void;
  btfDump(bytes: Uint8Array): string;
  btfById(id: number): Uint8Array;
  linkerLink(objects: readonly Uint8Array[]): Uint8Array;
}

/** What a job answers: its result or a negative errno, and what libbpf said meanwhile. */
export type Outcome<T = unknown> = readonly [result: T | Status, log: string];

type Pooled = {
  [Name in keyof Jobs]: (...args: Parameters<Jobs[Name]>) => Promise<Outcome<ReturnType<Jobs[Name]>>>;
};
type Immediate = {
  [Name in keyof Jobs as `${Name}Sync`]: (...args: Parameters<Jobs[Name]>) => Outcome<ReturnType<Jobs[Name]>>;
};

/** The addon's function table. */
export type NativeApi = Calls & Pooled & Immediate;

let table: NativeApi | undefined;
let addon: NativeApi | undefined;

/**
 * The addon, loaded on first use.
 *
 * @throws BpfError `ERR_BPF_UNSUPPORTED_PLATFORM` away from Linux, `ERR_BPF_ADDON` when it cannot be loaded.
 */
export function native(): NativeApi {
  table ??= loadOnce();
  return table;
}

/** Puts a table before the addon, once: it answers for handles that are not the addon's, and passes the rest on. */
export function putBefore(make: (addon: () => NativeApi) => NativeApi): void {
  table = make(loadOnce);
}

function loadOnce(): NativeApi {
  addon ??= load();
  return addon;
}

function load(): NativeApi {
  const operation = 'load the libbpf-ts addon';
  if (process.platform !== 'linux') throw unsupported(operation);
  const require = createRequire(import.meta.url);
  try {
    return require('node-gyp-build')(fileURLToPath(packageFolder)) as NativeApi;
  } catch (cause) {
    throw new BpfError({ ...addonFailure(cause), operation, code: 'ERR_BPF_ADDON', cause });
  }
}

function unsupported(operation: string): BpfError {
  const reason = `BPF exists on Linux only and this is ${process.platform}`;
  const hint = 'types, BTF reading and code generation work here; run the rest on Linux';
  return new BpfError({ code: 'ERR_BPF_UNSUPPORTED_PLATFORM', operation, reason, hint });
}

function addonFailure(cause: unknown): { reason: string; hint: string } {
  const text = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
  const target = `${process.platform}-${process.arch}, Node ${process.version}`;
  const hint = `this package carries builds for linux-x64 with glibc; this is ${target}; from a checkout: npm run build`;
  return { reason: text, hint };
}
