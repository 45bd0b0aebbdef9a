/** Perf events, which we open: software and hardware counters, tracepoints, breakpoints, raw PMU events. */

import { argumentError } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
import { onlineCpus } from '../host/cpus.js';
import { job } from '../native/flow.js';
import type { LinkHandle, Outcome } from '../native/native.js';
import { attrBytes, attrFlags } from '../perf/attr.js';
import { attrOptions, type CountOptions } from '../perf/count-options.js';
import { type EventSource, eventCode } from '../perf/event-names.js';
import type { Attacher, Site } from './site.js';
import { wanted } from './wanted.js';

/** What to count, how often to run the program, and on whom. */
export interface PerfEventOptions extends CountOptions {
  /** As `'cpu-clock'`, `'cycles'`, or an object for events without a name. At tracepoints run `SEC("tp")` programs. */
  readonly event: Exclude<EventSource, { readonly tracepoint: number }>;
  /** Runs of the program a second, about; or… */
  readonly frequency?: number;
  /** …a run every so many events. */
  readonly period?: number | bigint;
  /** Only this process; else every process, CPU by CPU. */
  readonly pid?: number;
  /** Only these CPUs; all that are online by default. */
  readonly cpus?: readonly number[];
  /** What `bpf_get_attach_cookie()` answers. @since Linux 5.15 */
  readonly cookie?: bigint;
}

/** One event for a process, or one for each CPU: a link each, rolled back together. */
export const attachPerfEvent: Attacher<Partial<PerfEventOptions>> = function* (site, options) {
  const event = wanted(site, 'event', options.event, 'what to count');
  if (typeof event === 'object' && 'tracepoint' in event) throw atTracepoint(site);
  const attr = perfEventAttr({ ...options, event });
  const pid = options.pid ?? -1;
  const cpus = options.cpus ?? (options.pid === undefined ? onlineCpus() : [-1]);
  const outcomes: Outcome<LinkHandle>[] = [];
  for (const cpu of cpus) {
    const outcome = yield* job('programAttachPerfEvent', site.program, attr, pid, cpu, options.cookie ?? 0n);
    outcomes.push(outcome);
    if (typeof outcome[0] === 'number') break;
  }
  return outcomes;
};

/** The kernel opens such an event, and refuses it the program. */
function atTracepoint({ operation, section }: Site): BpfError {
  const reason = `the kernel runs programs of SEC("${section}") at no tracepoint`;
  return argumentError(operation, reason, 'SEC("tp/CATEGORY/NAME") runs there');
}

/** `struct perf_event_attr`. */
function perfEventAttr(options: PerfEventOptions): Uint8Array {
  return attrBytes({ ...eventCode(options.event), period: sampling(options), flags: flagsOf(options) });
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
