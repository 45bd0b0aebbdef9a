/** The addon's functions that may block: each is there as a job of the pool, and for this thread. */
import type { LinkHandle, MapHandle, ObjectHandle, ProgramHandle, WalkHandle } from './native-calls.js';

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
    offset: number | bigint,
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
  btfLoad(bytes: Uint8Array, token: number): number;
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
  programAssocStructOps(program: ProgramHandle, mapFd: number): void;
  progQuery(netns: number, target: number, type: number, flags: number): Uint8Array;
  hookQuery(netns: number, target: number, type: number, flags: number, details: boolean): Uint8Array;
  xdpQueryId(netns: number, index: number, mode: number): number;
  tcQueryId(netns: number, index: number, point: number, handle: number, priority: number): number;
  /** `type`: `RTM_GET…`; the answer is netlink messages, one behind the other. */
  tcDump(netns: number, type: number, index: number, parent: number): Uint8Array;
  /** 1 or 0, as the other probes. */
  probeProgType(type: number): number;
  probeMapType(type: number): number;
  probeHelper(type: number, helper: number): number;
  /** 0 or an errno; `token`: a descriptor, or 0. */
  probeInstructions(type: number, code: Uint8Array, flags: number, attachType: number, token: number): number;
  /** `files`: a descriptor of a BPF file system. The answer is a descriptor that is the caller's to close. */
  tokenCreate(files: number): number;
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
