/** Reading a ring buffer until the end, past records that do not fit their type. */
import { BpfError } from '../errors.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import type { RingBuffer } from '../map/ring-buffer.js';
import { report as reportError } from './failure.js';
import type { Report } from './report.js';

/** Hands every record to the report, until the signal. */
export async function follow(
  ring: RingBuffer<unknown, MapKindName>,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const record of ring.events({ signal })) report.record(ring.name, record);
    } catch (error) {
      if (!signal.aborted && !isBadRecord(error)) throw error;
      if (!signal.aborted) reportError(error);
    }
  }
}

function isBadRecord(error: unknown): boolean {
  return error instanceof BpfError && error.code === 'ERR_BPF_RECORD';
}
