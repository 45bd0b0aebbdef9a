/** Tracepoints with the kernel's own arguments: raw_tp and raw_tracepoint, writable too. */
import * as sections from '../kinds/section-kinds.js';
import type { Circumstances } from '../native/errno.js';
import { job } from '../native/flow.js';
import { type Attacher, type AttachFailure, type AttachKind, capabilities } from './attach-kind.js';
import { type Names, noneOf } from './fallback-targets.js';
import { requireOption } from './options-check.js';

/**
 * A tracepoint with the arguments of its `TP_PROTO`; needs no tracefs (bpf_raw_tp_link_attach() in
 * kernel/bpf/syscall.c).
 *
 * @since Linux 4.17
 */
export interface RawTracepointOptions {
  /** As `sched_switch`. */
  readonly name: string;
  /** What `bpf_get_attach_cookie()` answers. @since Linux 6.10 (bpf_raw_tp_link_attach() in kernel/bpf/syscall.c) */
  readonly cookie?: bigint;
}

const attachRawTracepoint: Attacher<RawTracepointOptions> = function* (request, options) {
  const name = requireOption(request, 'name', options.name ?? request.target, 'which tracepoint');
  return [yield* job('programAttachRawTracepoint', request.program, name, options.cookie ?? 0n)];
};

function explainRawTracepoint({
  options,
  code,
  target,
}: AttachFailure<{ name: Names }>): Circumstances | undefined {
  if (code !== 'ENOENT') return undefined;
  return { reason: `this kernel has ${noneOf('raw tracepoint', options.name ?? target ?? '')}` };
}

export const raw_tracepoint = {
  sections: sections.raw_tracepoint,
  since: '4.17',
  later: { 'raw_tp.w+': '5.2', 'raw_tracepoint.w+': '5.2' },
  config: ['BPF_EVENTS'],
  capabilities: capabilities.tracing,
  cookie: '6.10',
  bySection: true,
  needs: ['name'],
  oneOf: 'name',
  takes: ['name', 'cookie'],
  attach: attachRawTracepoint,
  explain: explainRawTracepoint,
} as const satisfies AttachKind;
