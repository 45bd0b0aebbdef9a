/** What `BPF_OBJ_GET_INFO_BY_FD` tells of a link, by kind (bpf_link_get_info_by_fd() in kernel/bpf/syscall.c). */
import type { AttachTypeName } from '../kinds/attach-types.js';
import type { NetfilterFamily, NetfilterHook } from '../kinds/netfilter.js';

/** `struct bpf_link_info` of a link; `type` tells the kinds apart. `type` and `attachType` are libbpf's words. */
export type LinkInfo = {
  /** The link's id. */
  readonly id: number;
  /** The attached program's id; 0 for struct_ops. */
  readonly programId: number;
} & (
  | { readonly type: 'raw_tracepoint'; readonly name: string; readonly cookie: bigint }
  | {
      readonly type: 'tracing';
      readonly attachType: AttachTypeName | `unknown ${number}`;
      readonly targetObjectId: number;
      readonly targetBtfId: number;
      readonly cookie: bigint;
    }
  | {
      readonly type: 'cgroup';
      readonly cgroupId: bigint;
      readonly attachType: AttachTypeName | `unknown ${number}`;
    }
  | { readonly type: 'iter'; readonly target: string; readonly mapId: number }
  | {
      readonly type: 'netns';
      readonly inode: number;
      readonly attachType: AttachTypeName | `unknown ${number}`;
    }
  | { readonly type: 'xdp'; readonly ifindex: number }
  | { readonly type: 'struct_ops'; readonly mapId: number }
  | {
      readonly type: 'netfilter';
      readonly family: NetfilterFamily | `unknown ${number}`;
      readonly hook: NetfilterHook | `unknown ${number}`;
      readonly priority: number;
      /** Fragments are put together before it sees them. */
      readonly defragment: boolean;
    }
  | {
      readonly type: 'kprobe_multi';
      readonly addresses: readonly bigint[];
      readonly cookies: readonly bigint[];
      /** At the return of the functions. */
      readonly isReturn: boolean;
      readonly missed: bigint;
    }
  | {
      readonly type: 'uprobe_multi';
      readonly path: string;
      readonly offsets: readonly number[];
      readonly refCounterOffsets: readonly number[];
      readonly cookies: readonly bigint[];
      /** At the return of the functions. */
      readonly isReturn: boolean;
      readonly pid: number;
    }
  | { readonly type: 'perf_event'; readonly event: PerfEventInfo }
  | {
      readonly type: 'tcx';
      readonly ifindex: number;
      readonly attachType: AttachTypeName | `unknown ${number}`;
    }
  | {
      readonly type: 'netkit';
      readonly ifindex: number;
      readonly attachType: AttachTypeName | `unknown ${number}`;
    }
  | {
      readonly type: 'sockmap';
      readonly mapId: number;
      readonly attachType: AttachTypeName | `unknown ${number}`;
    }
  | { readonly type: `unknown ${number}` }
);

/** What a perf event link counts. */
export type PerfEventInfo =
  | {
      readonly type: 'uprobe' | 'uretprobe';
      readonly path: string;
      readonly offset: number;
      readonly cookie: bigint;
    }
  | {
      readonly type: 'kprobe' | 'kretprobe';
      readonly function: string;
      readonly offset: number;
      readonly address: bigint;
      readonly missed: bigint;
      readonly cookie: bigint;
    }
  | { readonly type: 'tracepoint'; readonly name: string; readonly cookie: bigint }
  | {
      readonly type: 'event';
      readonly eventType: number;
      readonly config: bigint;
      readonly cookie: bigint;
    }
  | { readonly type: `unknown ${number}` };
