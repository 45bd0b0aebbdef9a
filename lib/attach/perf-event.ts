/** Perf events, which we open: software and hardware counters, tracepoints, breakpoints, raw PMU events. */
import { readFileSync } from 'node:fs';
import { BpfError } from '../errors.js';
import { job } from '../flow.js';
import type { LinkHandle, Outcome } from '../native.js';
import { type EventSource, eventCode } from './perf-event-source.js';
import type { Attacher } from './site.js';
import { wanted } from './wanted.js';

/** What to count, how often to run the program, and on whom. */
export interface PerfEventOptions {
  /** As `'cpu-clock'`, `'cycles'`, or an object for events without a name. */
  readonly event: EventSource;
  /** Runs of the program a second, about; or… */
  readonly frequency?: number;
  /** …a run every so many events. */
  readonly period?: number | bigint;
  /** Only this process; else every process, CPU by CPU. */
  readonly pid?: number;
  /** Only these CPUs; all that are online by default. */
  readonly cpus?: readonly number[];
  /** Also count what children of the process do. */
  readonly inherit?: boolean;
  /** Leave out what happens in user mode, or in the kernel. */
  readonly exclude?: 'user' | 'kernel';
  /** What `bpf_get_attach_cookie()` answers. @since Linux 5.15 */
  readonly cookie?: bigint;
}

/** One event for a process, or one for each CPU: a link each, rolled back together. */
export const attachPerfEvent: Attacher<Partial<PerfEventOptions>> = function* (site, options) {
  const event = wanted(site, 'event', options.event, 'what to count');
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

/** Bits of the flags in `struct perf_event_attr`. */
const flag = { inherit: 1n << 1n, user: 1n << 4n, kernel: 1n << 5n, frequency: 1n << 10n } as const;

/** `struct perf_event_attr`, as far as it is used: its second version, 72 bytes. */
function perfEventAttr(options: PerfEventOptions): Uint8Array {
  const { type, config, address = 0n, length = 0n, access = 0 } = eventCode(options.event);
  const view = new DataView(new ArrayBuffer(72));
  view.setUint32(0, type, true);
  view.setBigUint64(8, config, true);
  view.setBigUint64(16, sampling(options), true);
  view.setBigUint64(40, flagsOf(options), true);
  view.setUint32(52, access, true);
  view.setBigUint64(56, address, true);
  view.setBigUint64(64, length, true);
  return new Uint8Array(view.buffer);
}

function sampling({ frequency, period }: PerfEventOptions): bigint {
  if (frequency !== undefined && period !== undefined) {
    const reason = 'frequency and period were given; an event has one of them';
    throw new BpfError({ code: 'ERR_BPF_ARGUMENT', operation: 'open a perf event', reason });
  }
  return BigInt(frequency ?? period ?? 1);
}

function flagsOf({ frequency, inherit, exclude }: PerfEventOptions): bigint {
  return (
    (frequency === undefined ? 0n : flag.frequency) |
    (inherit ? flag.inherit : 0n) |
    (exclude === undefined ? 0n : flag[exclude])
  );
}

/** As the kernel lists them: `0-3,6`. */
function onlineCpus(): number[] {
  const ranges = readFileSync('/sys/devices/system/cpu/online', 'utf8').trim().split(',');
  return ranges.flatMap(range => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
