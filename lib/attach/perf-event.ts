/** Counters of software and hardware, breakpoints, raw PMU events, which we open: perf_event. */

import { argumentError } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
import { onlineCpus } from '../host/cpus.js';
import * as sections from '../kinds/section-kinds.js';
import { type Circumstances, failed } from '../native/errno.js';
import type { LinkHandle, Outcome } from '../native/native.js';
import { attrFlags, type PerfEventAttr } from '../perf/attr.js';
import { attrOptions, type CountOptions } from '../perf/count-options.js';
import { eventCode, type PerfEvent } from '../perf/event-names.js';
import {
  type Attacher,
  type AttachFailure,
  type AttachKind,
  type AttachRequest,
  capabilities,
} from './attach-kind.js';
import { attachToEvent } from './event.js';
import { requireOption } from './options-check.js';

/**
 * What to count, how often to run the program, and on whom.
 *
 * @since Linux 4.9 (perf_event_set_bpf_prog() in kernel/events/core.c)
 */
export interface PerfEventOptions extends CountOptions {
  /** As `'cpu-clock'`, `'cycles'`, or an object for events without a name. At tracepoints run `SEC("tp")` programs. */
  readonly event: Exclude<PerfEvent, { readonly tracepoint: number }>;
  /** Runs of the program a second, about; or… */
  readonly frequency?: number;
  /** …a run every so many events. */
  readonly period?: number | bigint;
  /** Only this process; else every process, CPU by CPU. */
  readonly pid?: number;
  /** Only these CPUs; all that are online by default. */
  readonly cpus?: readonly number[];
  /**
   * What `bpf_get_attach_cookie()` answers.
   *
   * @since Linux 5.15 (bpf_get_attach_cookie_pe() in kernel/trace/bpf_trace.c)
   */
  readonly cookie?: bigint;
}

/** One event for a process, or one for each CPU: a link each, rolled back together. */
const attachPerfEvent: Attacher<PerfEventOptions> = function* (request, options) {
  const event = requireOption(request, 'event', options.event, 'what to count');
  if (typeof event === 'object' && 'tracepoint' in event) throw refuseTracepoint(request);
  const attr = perfEventAttr({ ...options, event });
  const pid = options.pid ?? -1;
  const cpus = options.cpus ?? (options.pid === undefined ? onlineCpus() : [-1]);
  const outcomes: Outcome<LinkHandle>[] = [];
  for (const cpu of cpus) {
    const outcome = yield* attachToEvent(request, attr, { pid, cpu, cookie: options.cookie });
    outcomes.push(outcome);
    if (failed(outcome[0])) break;
  }
  return outcomes;
};

/**
 * perf_event_open(2) opens a tracepoint, and perf_event_set_bpf_prog() in kernel/events/core.c takes only programs of
 * type tracepoint there.
 */
function refuseTracepoint({ operation, section }: AttachRequest): BpfError {
  const reason = `the kernel runs programs of SEC("${section}") at no tracepoint`;
  return argumentError(operation, reason, 'SEC("tp/CATEGORY/NAME") runs there');
}

/** `struct perf_event_attr`. */
function perfEventAttr(options: PerfEventOptions): PerfEventAttr {
  return { ...eventCode(options.event), period: sampling(options), flags: flagsOf(options) };
}

function sampling({ frequency, period }: PerfEventOptions): bigint {
  if (frequency !== undefined && period !== undefined) {
    const reason = 'frequency and period were given; an event has one of them';
    throw argumentError('open a perf event', reason);
  }
  return BigInt(frequency ?? period ?? 1);
}

function flagsOf(options: PerfEventOptions): bigint {
  return attrOptions(options) | (options.frequency === undefined ? 0n : attrFlags.frequency);
}

function explainPerfEvent({
  options: { event, cpus = [] },
  code,
}: AttachFailure<PerfEventOptions>): Circumstances | undefined {
  const online = onlineCpus();
  const absent = cpus.filter(cpu => !online.includes(cpu));
  if (absent.length > 0) return { reason: `CPU ${absent.join(', ')} is offline or not there` };
  if (code === 'ENOSPC') return { reason: 'all breakpoint registers of the processor are in use' };
  if (code !== 'ENOENT' && code !== 'EOPNOTSUPP') return undefined;
  if (typeof event === 'string') {
    const hint = 'virtual machines seldom have the counters of the processor; cpu-clock is everywhere';
    return { reason: `this machine does not count ${event}`, hint };
  }
  const hint = '/sys/bus/event_source/devices/*/type has the types of this machine';
  return { reason: 'this machine does not count such events', hint };
}

export const perf_event = {
  sections: sections.perf_event,
  since: '4.9',
  config: ['BPF_EVENTS', 'PERF_EVENTS'],
  capabilities: capabilities.tracing,
  cookie: '5.15',
  needs: ['event'],
  takes: ['event', 'frequency', 'period', 'pid', 'cpus', 'cookie', 'inherit', 'exclude'],
  attach: attachPerfEvent,
  explain: explainPerfEvent,
} as const satisfies AttachKind;
