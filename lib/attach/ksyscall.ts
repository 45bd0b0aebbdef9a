/** System calls by name: ksyscall and kretsyscall. */
import * as sections from '../kinds/section-kinds.js';
import type { Circumstances } from '../native/errno.js';
import { job } from '../native/flow.js';
import { type Attacher, type AttachFailure, type AttachKind, capabilities } from './attach-kind.js';
import { type Names, noneOf } from './fallback-targets.js';
import { requireOption } from './options-check.js';

/**
 * One system call, whatever this architecture's function for it is called.
 *
 * @since Linux 4.1 (perf_event_set_bpf_prog() in kernel/events/core.c)
 */
export interface KsyscallOptions {
  /** As `openat`. */
  readonly syscall: string;
  /**
   * What `bpf_get_attach_cookie()` answers.
   *
   * @since Linux 5.15 (bpf_get_attach_cookie_trace() in kernel/trace/bpf_trace.c)
   */
  readonly cookie?: bigint;
}

const attachKsyscall: Attacher<KsyscallOptions> = function* (request, options) {
  const name = requireOption(
    request,
    'syscall',
    options.syscall ?? request.target,
    'a system call as `openat`',
  );
  const isReturn = request.section.startsWith('kret');
  return [yield* job('programAttachKsyscall', request.program, name, isReturn, options.cookie ?? 0n)];
};

function explainKsyscall({
  options,
  code,
  target,
}: AttachFailure<{ syscall: Names }>): Circumstances | undefined {
  if (code !== 'ENOENT') return undefined;
  return { reason: `this kernel has ${noneOf('system call', options.syscall ?? target ?? '')}` };
}

export const ksyscall = {
  sections: sections.ksyscall,
  since: '4.1',
  config: ['KPROBE_EVENTS', 'BPF_EVENTS'],
  capabilities: capabilities.tracing,
  cookie: '5.15',
  bySection: true,
  needsObject: 'libbpf finds the kernel\'s name of a system call; SEC("kprobe") takes that name',
  needs: ['syscall'],
  oneOf: 'syscall',
  takes: ['syscall', 'cookie'],
  attach: attachKsyscall,
  explain: explainKsyscall,
} as const satisfies AttachKind;
