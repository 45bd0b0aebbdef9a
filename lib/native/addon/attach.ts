/** Functions of native/attach: ways to attach. */
import type { LinkHandle, MapHandle, ProgramHandle, Status } from './handles.js';

/** Where among the programs of a hook. */
export type Order = readonly [flags: number, relativeFd: number, relativeId: number, revision: bigint];

/** Members of `struct bpf_link_create_opts` that are numbers. */
export type LinkMember =
  | 'flags'
  | 'target_btf_id'
  | 'perf_event.bpf_cookie'
  | 'tracing.cookie'
  | `netfilter.${'pf' | 'hooknum' | 'priority' | 'flags'}`
  | `${'tcx' | 'netkit' | 'cgroup'}.${'relative_fd' | 'relative_id' | 'expected_revision'}`;

/** Calls that may block; each exists as a promise and with `Sync` behind its name. */
export interface AttachJobs {
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
    name: string | null,
  ): LinkHandle;
  linkCreate(
    program: ProgramHandle,
    netns: number,
    target: number,
    members: readonly LinkMember[],
    values: BigUint64Array,
  ): LinkHandle;
  programAttachXdpNetlink(
    program: ProgramHandle,
    netns: number,
    index: number,
    mode: number,
    replacedFd: number,
  ): LinkHandle;
  programAttachTc(
    program: ProgramHandle,
    netns: number,
    index: number,
    point: number,
    handle: number,
    priority: number,
    flags: number,
  ): LinkHandle;
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
  mapAttachStructOps(map: MapHandle): LinkHandle;
  programAssocStructOps(program: ProgramHandle, mapFd: number): Status;
}
