/** Functions and hooks that BTF names: tp_btf, fentry, fexit, fmod_ret, fsession, LSM hooks. */
import { job } from '../native/flow.js';
import { type Attacher, type AttachKind, capabilities, configs } from './attach-kind.js';

/** The section, or `attachTarget` before load, has named the target; the kernel knows it since. */
export interface TraceOptions {
  /** What `bpf_get_attach_cookie()` answers. @since Linux 5.19; of tp_btf 6.10 */
  readonly cookie?: bigint;
}

const attachTrace: Attacher<TraceOptions> = function* (request, { cookie = 0n }) {
  return [yield* job('programAttachTrace', request.program, cookie)];
};

const traced = { capabilities: capabilities.tracing, bySection: true, attach: attachTrace } as const;

export const tp_btf = {
  ...traced,
  sections: ['tp_btf+'],
  since: '5.5',
  config: configs.tracing,
  cookie: '6.10',
} as const satisfies AttachKind;

export const fentry = {
  ...traced,
  sections: ['fentry+', 'fentry.s+', 'fexit+', 'fexit.s+'],
  since: '5.5',
  later: { 'fentry.s+': '5.10', 'fexit.s+': '5.10' },
  config: configs.trampoline,
  cookie: '5.19',
} as const satisfies AttachKind;

export const fmod_ret = {
  ...traced,
  sections: ['fmod_ret+', 'fmod_ret.s+'],
  since: '5.7',
  later: { 'fmod_ret.s+': '5.10' },
  config: configs.trampoline,
  cookie: '5.19',
} as const satisfies AttachKind;

export const fsession = {
  ...traced,
  sections: ['fsession+', 'fsession.s+'],
  since: '7.0',
  config: configs.trampoline,
  cookie: '7.0',
} as const satisfies AttachKind;

export const lsm = {
  ...traced,
  sections: ['lsm+', 'lsm.s+'],
  since: '5.7',
  later: { 'lsm.s+': '5.10' },
  config: [...configs.trampoline, 'BPF_LSM'],
  needsLsm: true,
  cookie: '5.19',
} as const satisfies AttachKind;
