/** Functions and hooks that BTF names: tp_btf, fentry, fexit, fmod_ret, fsession, LSM hooks. */
import * as sections from '../kinds/section-kinds.js';
import { job } from '../native/flow.js';
import { type Attacher, type AttachKind, capabilities, configs } from './attach-kind.js';

/**
 * The section or `setAttachTarget()` names the target, and loading fixes it (bpf_check_attach_target() in
 * kernel/bpf/verifier.c).
 *
 * @since Linux 5.5
 */
export interface TraceOptions {
  /**
   * What `bpf_get_attach_cookie()` answers.
   *
   * @since Linux 5.19 (bpf_get_attach_cookie_tracing() in kernel/trace/bpf_trace.c); of tp_btf 6.10
   * (bpf_raw_tp_link_attach() in kernel/bpf/syscall.c)
   */
  readonly cookie?: bigint;
}

const attachTrace: Attacher<TraceOptions> = function* (request, { cookie = 0n }) {
  return [yield* job('programAttachTrace', request.program, cookie)];
};

const traced = {
  capabilities: capabilities.tracing,
  bySection: true,
  takes: ['cookie'],
  attach: attachTrace,
} as const;

export const tp_btf = {
  ...traced,
  sections: sections.tp_btf,
  since: '5.5',
  config: configs.tracing,
  cookie: '6.10',
} as const satisfies AttachKind;

export const fentry = {
  ...traced,
  sections: sections.fentry,
  since: '5.5',
  later: { 'fentry.s+': '5.10', 'fexit.s+': '5.10' },
  config: configs.trampoline,
  cookie: '5.19',
} as const satisfies AttachKind;

export const fmod_ret = {
  ...traced,
  sections: sections.fmod_ret,
  since: '5.7',
  later: { 'fmod_ret.s+': '5.10' },
  config: configs.trampoline,
  cookie: '5.19',
} as const satisfies AttachKind;

export const fsession = {
  ...traced,
  sections: sections.fsession,
  since: '7.0',
  config: configs.trampoline,
  cookie: '7.0',
} as const satisfies AttachKind;

export const lsm = {
  ...traced,
  sections: sections.lsm,
  since: '5.7',
  later: { 'lsm.s+': '5.10' },
  config: [...configs.trampoline, 'BPF_LSM'],
  needsLsm: true,
  cookie: '5.19',
} as const satisfies AttachKind;
