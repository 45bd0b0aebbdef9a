/** What `attach()` takes, by the kind of the program's section. */
import type { CgroupOptions } from './cgroup.js';
import type { KprobeMultiOptions, KprobeOptions, KsyscallOptions } from './kprobe.js';
import type { LircOptions } from './lirc.js';
import type { NetfilterOptions } from './netfilter.js';
import type { NetnsOptions } from './netns.js';
import type { PerfEventOptions } from './perf-event.js';
import type { SkReuseportOptions, SocketOptions } from './socket.js';
import type { SockmapOptions } from './sockmap.js';
import type { TcOptions } from './tc.js';
import type { NetkitOptions, TcxOptions } from './tcx.js';
import type { FreplaceOptions, IterOptions, TraceOptions } from './trace.js';
import type { RawTracepointOptions, TracepointOptions } from './tracepoint.js';
import type { UprobeMultiOptions, UprobeOptions, UsdtOptions } from './uprobe.js';
import type { XdpOptions } from './xdp.js';

/** Options of each kind; what its section can say too is in `Targets`. */
export interface OptionsByKind {
  kprobe: KprobeOptions;
  kprobe_multi: KprobeMultiOptions;
  kprobe_session: KprobeMultiOptions;
  ksyscall: KsyscallOptions;
  uprobe: UprobeOptions;
  uprobe_multi: UprobeMultiOptions;
  uprobe_session: UprobeMultiOptions;
  usdt: UsdtOptions;
  tracepoint: TracepointOptions;
  raw_tracepoint: RawTracepointOptions;
  tp_btf: TraceOptions;
  fentry: TraceOptions;
  fmod_ret: TraceOptions;
  fsession: TraceOptions;
  lsm: TraceOptions;
  freplace: FreplaceOptions;
  iter: IterOptions;
  perf_event: PerfEventOptions;
  xdp: XdpOptions;
  tcx: TcxOptions;
  tc: TcOptions;
  netkit: NetkitOptions;
  netfilter: NetfilterOptions;
  netns: NetnsOptions;
  cgroup: CgroupOptions;
  lsm_cgroup: CgroupOptions;
  sockmap: SockmapOptions;
  socket: SocketOptions;
  sk_reuseport: SkReuseportOptions;
  lirc: LircOptions;
}
