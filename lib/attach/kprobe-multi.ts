/** Many kernel functions at once: kprobe.multi, kretprobe.multi and kprobe.session. */
import { argumentError } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
import * as sections from '../kinds/section-kinds.js';
import { job } from '../native/flow.js';
import { type Attacher, type AttachKind, type AttachRequest, capabilities, wideList } from './attach-kind.js';
import { requireOption, requireSameLength } from './options-check.js';

/**
 * Many kernel functions at once: by one pattern, by names, or by addresses.
 *
 * @since Linux 5.18 (bpf_kprobe_multi_link_attach() in kernel/trace/bpf_trace.c)
 */
export interface KprobeMultiOptions {
  /** With `*` and `?`, as `tcp_*`. */
  readonly pattern?: string;
  readonly functions?: readonly string[];
  readonly addresses?: readonly bigint[];
  /** One for each function or address. */
  readonly cookies?: readonly bigint[];
  /** Refuse a pattern that matches more than one function. */
  readonly unique?: boolean;
}

const attachKprobeMulti: Attacher<KprobeMultiOptions> = function* (request, options) {
  const { functions = [], addresses, cookies, unique = false } = options;
  const places = functions.length || (addresses?.length ?? 0);
  requireSameLength(request, places, { cookies });
  const pattern = places
    ? null
    : requireOption(request, 'pattern', options.pattern ?? request.target, 'functions as `tcp_*`');
  if (request.alone && pattern !== null) throw patternAlone(request);
  const isReturn = request.section.startsWith('kret');
  const isSession = request.section.startsWith('kprobe.session');
  const lists = [functions, wideList(addresses), wideList(cookies)] as const;
  return [
    yield* job('programAttachKprobeMulti', request.program, pattern, ...lists, isReturn, isSession, unique),
  ];
};

function patternAlone({ operation }: AttachRequest): BpfError {
  const reason = 'it was opened without its object, and libbpf matches no pattern then';
  return argumentError(operation, reason, 'give functions or addresses');
}

export const kprobe_multi = {
  sections: sections.kprobe_multi,
  since: '5.18',
  config: ['FPROBE', 'BPF_EVENTS'],
  capabilities: capabilities.tracing,
  cookie: '5.18',
  bySection: true,
  needs: ['pattern'],
  takes: ['pattern', 'functions', 'addresses', 'cookies', 'unique'],
  attach: attachKprobeMulti,
} as const satisfies AttachKind;

export const kprobe_session = {
  ...kprobe_multi,
  sections: sections.kprobe_session,
  since: '6.10',
  cookie: '6.10',
} as const satisfies AttachKind;
