/** Functions of native/inspect: what is in the kernel. */
import type { Status } from './handles.js';

/** Calls that take less than a microsecond or so, or only look. */
export interface InspectCalls {
  attachTypeByName(section: string): Status;
  programTypeByName(section: string): Status;
}

/** Calls that may block; each exists as a promise and with `Sync` behind its name. */
export interface InspectJobs {
  progQuery(netns: number, target: number, type: number, flags: number): Uint8Array;
  hookQuery(netns: number, target: number, type: number, flags: number, details: boolean): Uint8Array;
  xdpQueryId(netns: number, index: number, mode: number): Status;
  tcQueryId(netns: number, index: number, point: number, handle: number, priority: number): Status;
  /** `type`: `RTM_GET…`; the answer is netlink messages, one behind the other. */
  tcDump(netns: number, type: number, index: number, parent: number): Uint8Array;
  /** 1 or 0, as the other probes. */
  probeProgType(type: number): Status;
  probeMapType(type: number): Status;
  probeHelper(type: number, helper: number): Status;
  /** 0 or an errno; `token`: a descriptor, or 0. */
  probeInstructions(type: number, code: Uint8Array, flags: number, attachType: number, token: number): Status;
  /** `files`: a descriptor of a BPF file system. The answer is a descriptor that is the caller's to close. */
  tokenCreate(files: number): Status;
  programNameById(id: number): string;
  /** A record of lib/inspect, with the lists whose bits are in `parts`. */
  programInfo(fd: number, parts: number): Uint8Array;
  /** `kind`: 0 programs, 1 maps, 2 BTFs; looks at `count` of them behind a number. */
  inKernel(kind: number, id: number, count: number): Uint8Array;
  /** u32 program, u32 type, u64 offset, u64 address, a name. */
  taskFdQuery(pid: number, fd: number): Uint8Array;
  /** What is pinned there, as `anon_inode:bpf-map`, and the lines of its fdinfo. */
  pinQuery(path: string): string;
  /** A descriptor that is the caller's to close. */
  enableStats(type: number): Status;
  ifNameIndex(netns: number): string;
}
