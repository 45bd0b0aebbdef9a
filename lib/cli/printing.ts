/** What programs write with `bpf_printk()`, for those objects that do. */

import { warn } from '../command/output.js';
import { findHelperCalls } from '../doors/gen.js';
import type { EventStream } from '../index.js';
import { BpfError, type TraceLine, tracePipe } from '../index.js';
import type { Report } from './report.js';

const printing: ReadonlySet<string> = new Set(['bpf_trace_printk', 'bpf_trace_vprintk']);

/** True where a function of the object prints. */
function prints(object: Uint8Array): boolean {
  return [...findHelperCalls(object, 'the object').values()].flat().some(name => printing.has(name));
}

/**
 * The trace from now on; undefined for an object that does not print, whose user others may not want to share it with,
 * and where this process may not read it, which is said.
 */
export function openTrace(object: Uint8Array): (EventStream<TraceLine> & Disposable) | undefined {
  if (!prints(object)) return undefined;
  try {
    const trace = tracePipe();
    trace.drain();
    return trace;
  } catch (error) {
    if (!(error instanceof BpfError)) throw error;
    warn(`bpf_printk() is not shown: ${error.message}\n`);
    return undefined;
  }
}

/**
 * Hands lines to the report, until the signal. They do not say which program wrote them (bpf_trace_printk() in
 * kernel/trace/bpf_trace.c).
 */
export async function followTrace(
  trace: EventStream<TraceLine>,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const line of trace.events({ signal })) printed(line, report);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** The rest of the trace, without waiting. */
export function drainTrace(trace: EventStream<TraceLine>, report: Report): void {
  for (const line of trace.drain()) printed(line, report);
}

function printed(line: TraceLine, report: Report): void {
  if (line.writer === 'bpf_trace_printk') report.printed(line);
}
