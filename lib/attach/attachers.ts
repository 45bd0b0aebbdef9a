/** Who attaches which kind. */
import type { AttachKindName } from '../kinds/attach-kinds.js';
import { attachCgroup } from './cgroup.js';
import { attachKprobe, attachKprobeMulti, attachKsyscall } from './kprobe.js';
import { attachLirc } from './lirc.js';
import { attachNetfilter } from './netfilter.js';
import { attachNetns } from './netns.js';
import type { OptionsByKind } from './options.js';
import { attachPerfEvent } from './perf-event.js';
import type { Attacher } from './site.js';
import { attachSkReuseport, attachSocket } from './socket.js';
import { attachSockmap } from './sockmap.js';
import { attachTc } from './tc.js';
import { attachNetkit, attachTcx } from './tcx.js';
import { attachFreplace, attachIter, attachTrace } from './trace.js';
import { attachRawTracepoint, attachTracepoint } from './tracepoint.js';
import { attachUprobe, attachUprobeMulti, attachUsdt } from './uprobe.js';
import { attachXdp } from './xdp.js';

type Attachers = { readonly [Kind in keyof OptionsByKind]: Attacher<Partial<OptionsByKind[Kind]>> };

const attachers: Attachers = {
  kprobe: attachKprobe,
  kprobe_multi: attachKprobeMulti,
  kprobe_session: attachKprobeMulti,
  ksyscall: attachKsyscall,
  uprobe: attachUprobe,
  uprobe_multi: attachUprobeMulti,
  uprobe_session: attachUprobeMulti,
  usdt: attachUsdt,
  tracepoint: attachTracepoint,
  raw_tracepoint: attachRawTracepoint,
  tp_btf: attachTrace,
  fentry: attachTrace,
  fmod_ret: attachTrace,
  fsession: attachTrace,
  lsm: attachTrace,
  freplace: attachFreplace,
  iter: attachIter,
  perf_event: attachPerfEvent,
  xdp: attachXdp,
  tcx: attachTcx,
  tc: attachTc,
  netkit: attachNetkit,
  netfilter: attachNetfilter,
  netns: attachNetns,
  cgroup: attachCgroup,
  lsm_cgroup: attachCgroup,
  sockmap: attachSockmap,
  socket: attachSocket,
  sk_reuseport: attachSkReuseport,
  lirc: attachLirc,
};

/** The attacher of a kind; undefined for kinds that are attached elsewhere. */
export function attacherOf(kind: AttachKindName): Attacher<object> | undefined {
  return (attachers as Partial<Record<AttachKindName, Attacher<object>>>)[kind];
}
