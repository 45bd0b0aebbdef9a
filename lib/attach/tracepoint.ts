/** Tracepoints by category and name: tp and tracepoint. */

import { existsSync } from 'node:fs';
import * as sections from '../kinds/section-kinds.js';
import type { Circumstances } from '../native/errno.js';
import { job } from '../native/flow.js';
import { type Attacher, type AttachFailure, type AttachKind, capabilities } from './attach-kind.js';
import { attachToTracepoint } from './event.js';
import { type Names, noneOf } from './fallback-targets.js';
import { requireOption } from './options-check.js';

/**
 * A tracepoint of tracefs.
 *
 * @since Linux 4.7 (perf_event_set_bpf_prog() in kernel/events/core.c)
 */
export interface TracepointOptions {
  /** As `sched`. */
  readonly category: string;
  /** As `sched_switch`. */
  readonly name: string;
  /**
   * What `bpf_get_attach_cookie()` answers.
   *
   * @since Linux 5.15 (bpf_get_attach_cookie_trace() in kernel/trace/bpf_trace.c)
   */
  readonly cookie?: bigint;
}

const attachTracepoint: Attacher<TracepointOptions> = function* (request, options) {
  const [category, name] = request.target?.split('/') ?? [];
  const where = [
    requireOption(request, 'category', options.category ?? category, 'the category'),
    requireOption(request, 'name', options.name ?? name, 'which tracepoint'),
  ] as const;
  if (request.alone) return yield* attachToTracepoint(request, ...where, options.cookie);
  return [yield* job('programAttachTracepoint', request.program, ...where, options.cookie ?? 0n)];
};

type Failure = AttachFailure<{ category: string; name: Names }>;

function explainTracepoint(failure: Failure): Circumstances | undefined {
  const { code, log } = failure;
  if (/perf_event_open\(\) failed/.test(log) && ['EPERM', 'EACCES'].includes(code)) return forbiddenEvents;
  if (code === 'EACCES') return forbiddenTracefs;
  const root = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'].find(path =>
    existsSync(`${path}/events`),
  );
  return root === undefined ? missingTracefs : explainAbsence(failure, root);
}

function explainAbsence({ options, target }: Failure, root: string): Circumstances | undefined {
  const [saidCategory, saidName = ''] = target?.split('/') ?? [];
  const { category = saidCategory, name = saidName } = options;
  const names = [name].flat();
  if (names.some(each => existsSync(`${root}/events/${category}/${each}`))) return undefined;
  const full = names.map(each => `${category}:${each}`);
  const reason = `this kernel has ${noneOf('tracepoint', typeof name === 'string' ? `${full}` : full)}`;
  return { reason, hint: `${root}/available_events lists them` };
}

const missingTracefs: Circumstances = {
  reason: 'tracefs is not mounted, and tracepoint numbers stand there',
  hint: 'mount -t tracefs tracefs /sys/kernel/tracing; raw_tp and tp_btf programs do without it',
};

const forbiddenEvents: Circumstances = {
  reason: 'the kernel refuses this process perf_event_open(2), by which tracepoints are attached',
  hint: 'it takes CAP_PERFMON, and root where kernel.perf_event_paranoid is 3 or more; a seccomp filter or lockdown may refuse it too',
};

const forbiddenTracefs: Circumstances = {
  reason: 'this process may not read tracefs, where tracepoint numbers stand',
  hint: 'run as root or grant CAP_DAC_READ_SEARCH; raw_tp and tp_btf programs do without it',
};

export const tracepoint = {
  sections: sections.tracepoint,
  since: '4.7',
  config: ['BPF_EVENTS'],
  capabilities: capabilities.tracing,
  cookie: '5.15',
  bySection: true,
  needs: ['category', 'name'],
  oneOf: 'name',
  takes: ['category', 'name', 'cookie'],
  attach: attachTracepoint,
  explain: explainTracepoint,
} as const satisfies AttachKind;
