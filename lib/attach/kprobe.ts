/** One kernel function: kprobe and kretprobe. */
import * as sections from '../kinds/section-kinds.js';
import type { Circumstances } from '../native/errno.js';
import { job } from '../native/flow.js';
import { type Attacher, type AttachFailure, type AttachKind, capabilities } from './attach-kind.js';
import { attachToProbe } from './event.js';
import { type Names, noneOf } from './fallback-targets.js';
import { flagOf, requireOption } from './options-check.js';

/**
 * How libbpf installs a single probe; `default` takes the newest way that the kernel has
 * (bpf_program__attach_kprobe_opts() in libbpf.c).
 */
export type ProbeMode = 'default' | 'legacy' | 'perf' | 'link';

/** `enum probe_attach_mode`. */
export const probeModes: Readonly<Record<ProbeMode, number>> = { default: 0, legacy: 1, perf: 2, link: 3 };

/**
 * One kernel function.
 *
 * @since Linux 4.1 (perf_event_set_bpf_prog() in kernel/events/core.c)
 */
export interface KprobeOptions {
  /** Its name, as in /proc/kallsyms. */
  readonly function: string;
  /** Bytes into the function. */
  readonly offset?: number;
  /**
   * What `bpf_get_attach_cookie()` answers.
   *
   * @since Linux 5.15 (bpf_get_attach_cookie_trace() in kernel/trace/bpf_trace.c)
   */
  readonly cookie?: bigint;
  readonly mode?: ProbeMode;
}

const attachKprobe: Attacher<KprobeOptions> = function* (request, options) {
  const place = { ...parseTarget(request.target), ...options };
  const { offset = 0, cookie = 0n, mode = 'default' } = place;
  const name = requireOption(request, 'function', place.function, 'the name of a kernel function');
  const isReturn = request.section.startsWith('kret');
  const how = flagOf(request, 'mode', probeModes, mode);
  if (request.alone)
    return yield* attachToProbe(request, {
      pmu: 'kprobe',
      name,
      offset: BigInt(offset),
      isReturn,
      cookie,
      pid: -1,
    });
  return [yield* job('programAttachKprobe', request.program, name, offset, isReturn, cookie, how)];
};

/** `do_unlinkat+0x10` of a section. */
function parseTarget(target: string | undefined): Partial<KprobeOptions> {
  const [, name, offset] = target?.match(/^(.+?)(?:\+(0x[\da-f]+|\d+))?$/i) ?? [];
  return { ...(name && { function: name }), ...(offset && { offset: Number(offset) }) };
}

/**
 * libbpf logs no more than that it failed to create a probe (bpf_program__attach_kprobe_opts() in libbpf.c);
 * EADDRNOTAVAIL is number_of_same_symbols() in kernel/trace/trace_kprobe.c finding several.
 */
function explainKprobe({
  options,
  code,
  target,
}: AttachFailure<{ function: Names }>): Circumstances | undefined {
  const names = options.function ?? target ?? '';
  if (code === 'EADDRNOTAVAIL')
    return {
      reason: `this kernel has several functions ${names}`,
      hint: 'SEC("kprobe.multi") takes addresses',
    };
  if (code !== 'ENOENT') return undefined;
  const reason = `this kernel has ${noneOf('function', names)}`;
  return { reason, hint: '/proc/kallsyms lists them; what is inlined is not among them' };
}

export const kprobe = {
  sections: sections.kprobe,
  since: '4.1',
  config: ['KPROBE_EVENTS', 'BPF_EVENTS'],
  capabilities: capabilities.tracing,
  cookie: '5.15',
  bySection: true,
  needs: ['function'],
  oneOf: 'function',
  takes: ['function', 'offset', 'cookie', 'mode'],
  attach: attachKprobe,
  explain: explainKprobe,
} as const satisfies AttachKind;
