/** Perf buffers: records of each CPU, with the face of a ring buffer. */
import { monotonicNow } from '../clock/sample.js';
import type { Codec } from '../codec/codec.js';
import { argumentError, requireOptions } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
import { Events } from '../events/events.js';
import { type MapHandle, native } from '../native/native.js';
import { wholePages } from '../native/pages.js';
import { PerfSource } from './perf-source.js';

/** How perf buffers are written and read; everything has a default. */
export interface PerfBufferOptions {
  /** Memory of each CPU, rounded up to a power of two of pages. Default: 64 KiB. */
  readonly bytes?: number | undefined;
  /**
   * Only these CPUs; what programs write on others fails with `-ENOENT` (__bpf_perf_event_output() in
   * kernel/trace/bpf_trace.c). Default: all that are online, and those that come.
   */
  readonly cpus?: readonly number[] | undefined;
  /** Wakes the reader for so many records, or for so many bytes, of one CPU. Default: each record. */
  readonly wakeup?: { readonly events: number } | { readonly bytes: number } | undefined;
  /** The newest records overwrite the oldest, and wait until they are asked for with `drain()`: a flight recorder. */
  readonly overwrite?: boolean | undefined;
  /** Gives the records of all CPUs in the order of their times. @since Linux 4.1 (`use_clockid`, perf_event_open(2)) */
  readonly order?: boolean | undefined;
}

/** What one CPU's buffer has seen. */
export interface PerfCpuStats {
  readonly cpu: number;
  /**
   * Records that there was no room for. The kernel says so with the next record that there is room for
   * (__perf_output_begin() in kernel/events/ring_buffer.c).
   */
  readonly lost: number;
  /** Bytes that wait to be read. */
  readonly waiting: number;
}

/**
 * An open perf buffer on each CPU, until it is closed, which frees its places in the map; programs write to them
 * through their map. Records are rounded up to 8 bytes with their length (perf_prepare_sample() in
 * kernel/events/core.c): they may have up to seven bytes more than was written.
 *
 * @example
 * ```ts
 * using recent = bpf.maps.samples.open({ overwrite: true, bytes: 1 << 20 });
 * process.on('SIGUSR2', () => console.log(recent.drain()));
 * ```
 */
export class PerfBuffer<T = unknown> extends Events<T> {
  readonly #source: PerfSource;

  /** @internal */
  constructor(source: PerfSource, codec: Codec<T>, keeps?: () => object | undefined) {
    super(source, codec, keeps);
    this.#source = source;
  }

  /** The buffer of each CPU. */
  get cpus(): readonly PerfCpuStats[] {
    return this.#source.cpus.map(({ cpu, lost, waiting }) => ({ cpu, lost, waiting }));
  }

  /** With `order`: records that came after a later one was given, because they were being written then. */
  get late(): number {
    return this.#source.late;
  }

  /**
   * Refuses new records, which programs see as `-ENOSPC` (__perf_output_begin() in kernel/events/ring_buffer.c); what
   * is there can be read.
   */
  pauseOutput(): void {
    this.#source.pauseOutput(true);
  }

  resumeOutput(): void {
    this.#source.pauseOutput(false);
  }
}

/** Opens the buffers of a map. */
export function openPerfSource(map: MapHandle, name: string, options: PerfBufferOptions): PerfSource {
  const subject = `perf buffer ${name}`;
  requireOptions(`open ${subject}`, options, ['bytes', 'cpus', 'wakeup', 'overwrite', 'order']);
  const { cpus, wakeup = { events: 1 }, overwrite = false, order: timed = false } = options;
  const bytes = roundedUp(options.bytes ?? 65_536, subject);
  const memory = { bytes, wakeup: checked(wakeup, bytes, subject), overwrite, timed };
  return new PerfSource({ native: native(), map, subject, memory, cpus, now: monotonicNow });
}

function roundedUp(bytes: number, subject: string): number {
  const least = wholePages(bytes);
  if (Number.isInteger(bytes) && bytes > 0 && least <= 2 ** 30) return least;
  throw unfit(subject, `bytes is a number from 1 to 2^30, not ${bytes}`);
}

function checked<W extends { readonly events: number } | { readonly bytes: number }>(
  wakeup: W,
  bytes: number,
  subject: string,
): W {
  const number = 'bytes' in wakeup ? wakeup.bytes : wakeup.events;
  const most = 'bytes' in wakeup ? bytes : 2 ** 32 - 1;
  if (Number.isInteger(number) && number > 0 && number <= most) return wakeup;
  throw unfit(subject, `wakeup takes a number from 1 to ${most}, not ${number}`);
}

function unfit(subject: string, reason: string): BpfError {
  return argumentError(`open ${subject}`, reason);
}
