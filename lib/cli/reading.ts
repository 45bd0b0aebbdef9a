/** Reading what an object gives while it runs: records past those that do not fit their type, iterators' lines. */

import { report as reportError } from '../command/failure.js';
import type { EventMap, IterLink, MapKindName } from '../index.js';
import { BpfError } from '../index.js';
import type { Report } from './report.js';

/** Hands every record to the report, until the signal. */
export async function follow(
  map: EventMap<unknown, MapKindName>,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const record of map.events({ signal })) report.record(map.name, record);
    } catch (error) {
      if (!signal.aborted && !isBadRecord(error)) throw error;
      if (!signal.aborted) reportError(error);
    }
  }
}

/** Runs an iterator once, and hands what it prints to the report. */
export async function iterate(link: IterLink, report: Report, signal: AbortSignal): Promise<void> {
  try {
    for await (const line of link.lines().events({ signal })) report.line(link.program, line);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function isBadRecord(error: unknown): boolean {
  return error instanceof BpfError && error.code === 'ERR_BPF_RECORD';
}
