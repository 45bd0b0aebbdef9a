/** All ways to attach: from their rows the types of `attach()`, probes, errors and the table for people derive. */
import type { Attacher, AttachKind, HookQuery } from './attach-kind.js';
import { cgroup, lsm_cgroup } from './cgroup.js';
import { action, cgroup_skb, lwt, sk_skb, struct_ops, syscall, xdp_redirect } from './elsewhere.js';
import { freplace } from './freplace.js';
import { iter } from './iter.js';
import { kprobe } from './kprobe.js';
import { kprobe_multi, kprobe_session } from './kprobe-multi.js';
import { ksyscall } from './ksyscall.js';
import { lirc } from './lirc.js';
import { netfilter } from './netfilter.js';
import { netkit } from './netkit.js';
import { netns } from './netns.js';
import { perf_event } from './perf-event.js';
import { raw_tracepoint } from './raw-tracepoint.js';
import { sk_reuseport } from './sk-reuseport.js';
import { socket } from './socket.js';
import { sockmap } from './sockmap.js';
import { tc } from './tc.js';
import { tcx } from './tcx.js';
import { fentry, fmod_ret, fsession, lsm, tp_btf } from './trace.js';
import { tracepoint } from './tracepoint.js';
import { uprobe } from './uprobe.js';
import { uprobe_multi, uprobe_session } from './uprobe-multi.js';
import { usdt } from './usdt.js';
import { xdp } from './xdp.js';

/** Every section of libbpf 1.7 is in exactly one row; a unit test compares them with section_defs[] of libbpf.c. */
export const attachKinds = {
  kprobe,
  kprobe_multi,
  kprobe_session,
  ksyscall,
  uprobe,
  uprobe_multi,
  uprobe_session,
  usdt,
  tracepoint,
  raw_tracepoint,
  tp_btf,
  fentry,
  fmod_ret,
  fsession,
  freplace,
  lsm,
  iter,
  perf_event,
  xdp,
  tcx,
  tc,
  netkit,
  netfilter,
  netns,
  cgroup,
  lsm_cgroup,
  sockmap,
  socket,
  sk_reuseport,
  lirc,
  cgroup_skb,
  sk_skb,
  struct_ops,
  syscall,
  xdp_redirect,
  lwt,
  action,
} as const satisfies Readonly<Record<string, AttachKind>>;

/** The name of a way to attach. */
export type AttachKindName = keyof typeof attachKinds;

/**
 * The sections of each kind's programs, as in section_defs[] of libbpf.c: a `+` at the end allows `/target` behind
 * it.
 */
export type SectionsByKind = {
  [Kind in AttachKindName]: (typeof attachKinds)[Kind]['sections'][number];
};

/** Kinds that attach by their section alone, where that names the target; that of `lsm_cgroup/…` is not the cgroup. */
export type AttachKindBySection = keyof {
  [Kind in AttachKindName as (typeof attachKinds)[Kind] extends { bySection: true } ? Kind : never]: Kind;
};

/** What to do instead with programs that `attach()` does not attach, as a sentence. */
export type InsteadOfAttach = {
  [Kind in AttachKindName as (typeof attachKinds)[Kind] extends { instead: string }
    ? Kind
    : never]: (typeof attachKinds)[Kind] extends { instead: infer Instead } ? Instead : never;
};

/** Where a row has `oneOf`, that option may be several names. */
type OrSeveral<Given, Row> = Row extends { readonly oneOf: infer Option }
  ? { readonly [Key in keyof Given]: Key extends Option ? Given[Key] | readonly string[] : Given[Key] }
  : Given;

/** What `attach()` takes, by the kind of the program's section. */
export type AttachOptionsByKind = {
  [Kind in AttachKindName as (typeof attachKinds)[Kind] extends { attach: unknown }
    ? Kind
    : never]: (typeof attachKinds)[Kind] extends { attach: Attacher<infer Options> }
    ? OrSeveral<Options, (typeof attachKinds)[Kind]>
    : never;
};

/** Where a hook is, by the kind of its programs. */
export type HooksByKind = {
  [Kind in AttachKindName as (typeof attachKinds)[Kind] extends { query: unknown }
    ? Kind
    : never]: (typeof attachKinds)[Kind] extends { query: HookQuery<infer Place> } ? Place : never;
};
