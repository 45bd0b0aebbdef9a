/** The ways to attach as what generated modules pass, each alone: an application's bundle has those of its objects. */
import { cgroup, lsm_cgroup } from '../attach/cgroup.js';
import { action, cgroup_skb, lwt, sk_skb, struct_ops, syscall, xdp_redirect } from '../attach/elsewhere.js';
import { freplace } from '../attach/freplace.js';
import { iter } from '../attach/iter.js';
import { kprobe } from '../attach/kprobe.js';
import { kprobe_multi, kprobe_session } from '../attach/kprobe-multi.js';
import { ksyscall } from '../attach/ksyscall.js';
import { lirc } from '../attach/lirc.js';
import { netfilter } from '../attach/netfilter.js';
import { netkit } from '../attach/netkit.js';
import { netns } from '../attach/netns.js';
import { perf_event } from '../attach/perf-event.js';
import { raw_tracepoint } from '../attach/raw-tracepoint.js';
import { sk_reuseport } from '../attach/sk-reuseport.js';
import { socket } from '../attach/socket.js';
import { sockmap } from '../attach/sockmap.js';
import { tc } from '../attach/tc.js';
import { tcx } from '../attach/tcx.js';
import { fentry, fmod_ret, fsession, lsm, tp_btf } from '../attach/trace.js';
import { tracepoint } from '../attach/tracepoint.js';
import { uprobe } from '../attach/uprobe.js';
import { uprobe_multi, uprobe_session } from '../attach/uprobe-multi.js';
import { usdt } from '../attach/usdt.js';
import { xdp } from '../attach/xdp.js';
import type { Kind } from './kinds.js';

/** Programs at functions of the kernel, by a breakpoint: `kprobe/…`, `kretprobe/…`. */
export const kprobePrograms: Kind = kprobe;

/** Programs at many functions of the kernel at once: `kprobe.multi/…`. */
export const kprobeMultiPrograms: Kind = kprobe_multi;

/** Programs at the entry and return of many functions at once: `kprobe.session/…`. */
export const kprobeSessionPrograms: Kind = kprobe_session;

/** Programs at system calls: `ksyscall/…`, `kretsyscall/…`. */
export const ksyscallPrograms: Kind = ksyscall;

/** Programs at functions of processes: `uprobe/…`, `uretprobe/…`. */
export const uprobePrograms: Kind = uprobe;

/** Programs at many functions of processes at once: `uprobe.multi/…`. */
export const uprobeMultiPrograms: Kind = uprobe_multi;

/** Programs at the entry and return of many functions of processes: `uprobe.session/…`. */
export const uprobeSessionPrograms: Kind = uprobe_session;

/** Programs at the static probes of binaries: `usdt/…`. */
export const usdtPrograms: Kind = usdt;

/** Programs at tracepoints by category and name: `tp/…`. */
export const tracepointPrograms: Kind = tracepoint;

/** Programs at tracepoints with their raw arguments: `raw_tp/…`. */
export const rawTracepointPrograms: Kind = raw_tracepoint;

/** Programs at tracepoints with typed arguments: `tp_btf/…`. */
export const tpBtfPrograms: Kind = tp_btf;

/** Programs at the entry and exit of functions of the kernel: `fentry/…`, `fexit/…`. */
export const fentryPrograms: Kind = fentry;

/** Programs that change the results of functions of the kernel: `fmod_ret/…`. */
export const fmodRetPrograms: Kind = fmod_ret;

/** Programs at the entry and exit of a function in one: `fsession/…`. */
export const fsessionPrograms: Kind = fsession;

/** Programs in the place of a function of another program: `freplace/…`. */
export const freplacePrograms: Kind = freplace;

/** Programs at security hooks: `lsm/…`. */
export const lsmPrograms: Kind = lsm;

/** Programs that go over things of the kernel: `iter/…`. */
export const iterPrograms: Kind = iter;

/** Programs at perf events: `perf_event`. */
export const perfEventPrograms: Kind = perf_event;

/** Programs at the driver of an interface: `xdp`. */
export const xdpPrograms: Kind = xdp;

/** Programs at the traffic control of an interface, in order: `tcx/…`. */
export const tcxPrograms: Kind = tcx;

/** Programs at the traffic control of an interface, as filters: `tc`. */
export const tcPrograms: Kind = tc;

/** Programs at netkit devices: `netkit/…`. */
export const netkitPrograms: Kind = netkit;

/** Programs at netfilter hooks: `netfilter`. */
export const netfilterPrograms: Kind = netfilter;

/** Programs of a network namespace: `sk_lookup`, `flow_dissector`. */
export const netnsPrograms: Kind = netns;

/** Programs at hooks of a cgroup: `cgroup/…`, `cgroup_skb/…`, `sockops`. */
export const cgroupPrograms: Kind = cgroup;

/** Programs at security hooks, for one cgroup: `lsm_cgroup/…`. */
export const lsmCgroupPrograms: Kind = lsm_cgroup;

/** Programs of a map of sockets: `sk_skb/…`, `sk_msg`. */
export const sockmapPrograms: Kind = sockmap;

/** Programs that filter a socket: `socket`. */
export const socketPrograms: Kind = socket;

/** Programs that choose a socket of a group: `sk_reuseport`. */
export const skReuseportPrograms: Kind = sk_reuseport;

/** Programs that decode infrared: `lirc_mode2`. */
export const lircPrograms: Kind = lirc;

/** Programs whose section leaves the direction open: `cgroup/skb`. */
export const cgroupSkbPrograms: Kind = cgroup_skb;

/** Programs whose section leaves the hook open: `sk_skb`. */
export const skSkbPrograms: Kind = sk_skb;

/** Programs that are functions of a table: `struct_ops/…`. */
export const structOpsPrograms: Kind = struct_ops;

/** Programs that are run and not attached: `syscall`. */
export const syscallPrograms: Kind = syscall;

/** Programs of entries of a devmap or cpumap: `xdp/devmap`, `xdp/cpumap`. */
export const xdpRedirectPrograms: Kind = xdp_redirect;

/** Programs of a route's encapsulation: `lwt_in` and its like. */
export const lwtPrograms: Kind = lwt;

/** Programs that are an action of a tc filter: `action`. */
export const actionPrograms: Kind = action;
