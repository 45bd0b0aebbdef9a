/** The perf buffer of one CPU: an event that only programs write to, and its memory. */

import { constants } from 'node:os';
import type { Memory } from '../events/memory.js';
import type { Limits } from '../events/source.js';
import { check, errnoError, failed } from '../native/errno.js';
import type { Errno, MapHandle, NativeApi, PerfEventHandle } from '../native/native.js';
import { attrBytes, attrFlags } from './attr.js';

const { EINVAL, EMSGSIZE } = constants.errno;

/** How the memory of each CPU is written and read. */
export interface PerfMemory {
  /** A power of two of pages. */
  readonly bytes: number;
  readonly wakeup: { readonly events: number } | { readonly bytes: number };
  /** The newest records overwrite the oldest; nothing is lost by a reader that is slow, and nothing is announced. */
  readonly overwrite: boolean;
  /** Records have times. */
  readonly timed: boolean;
}

/** `PERF_TYPE_SOFTWARE`, `PERF_COUNT_SW_BPF_OUTPUT`. */
const [software, bpfOutput] = [1, 10n];
/** `PERF_SAMPLE_RAW`, `PERF_SAMPLE_TIME`. */
const [sampleRaw, sampleTime] = [1n << 10n, 1n << 2n];
const CLOCK_MONOTONIC = 1;
/** `PERF_FORMAT_LOST`. */
const formatLost = 1n << 4n;

/** Opens, drains and closes it. */
export class PerfCpu {
  readonly cpu: number;
  readonly #native: NativeApi;
  readonly #map: MapHandle;
  readonly #memory: PerfMemory;
  readonly #subject: string;
  readonly #report = new DataView(new ArrayBuffer(16));
  readonly #reportBytes = new Uint8Array(this.#report.buffer);
  /** What read(2) answers: a value that is no use here, and lost records. */
  readonly #counts = new DataView(new ArrayBuffer(16));
  readonly #countsBytes = new Uint8Array(this.#counts.buffer);
  #lost = 0;
  readonly handle: PerfEventHandle;

  /** @throws BpfError `ENODEV` for a CPU that is offline or not there (perf_event_open(2)). */
  constructor(native: NativeApi, map: MapHandle, cpu: number, memory: PerfMemory, subject: string) {
    this.#native = native;
    this.#map = map;
    this.#memory = memory;
    this.#subject = subject;
    this.cpu = cpu;
    const handle = opened(native, cpu, memory);
    if (failed(handle)) throw errnoError(handle, `open ${subject} on CPU ${cpu}`);
    this.handle = handle;
    this.#begin();
  }

  /**
   * Records that found no room: since Linux 6.0 all (`PERF_FORMAT_LOST` of perf_event_open(2)), before it those of
   * which `PERF_RECORD_LOST` told.
   */
  get lost(): number {
    const length = this.#native.perfEventRead(this.handle, this.#countsBytes);
    if (length === this.#countsBytes.length) this.#lost = Number(this.#counts.getBigUint64(8, true));
    return this.#lost;
  }

  /** Bytes that wait to be read. */
  get waiting(): number {
    return Math.max(0, this.#native.perfEventAvailable(this.handle));
  }

  /** Adds what is there to `out`, up to the limits; false where these ended it. */
  drain(out: Memory, limits: Limits): boolean {
    if (this.#memory.overwrite) return this.#snapshot(out);
    const most = limits.records - out.count;
    const room = out.bytes.subarray(out.used, Math.max(out.used, Math.min(limits.bytes, out.bytes.length)));
    if (most <= 0 || this.#read(out, room, most) === most) return false;
    if (this.#needed === 0) return true;
    if (out.count > 0) return false;
    out.reserve(out.used + this.#needed);
    this.#read(out, out.bytes.subarray(out.used), 1);
    return false;
  }

  /**
   * Stops and lets on programs writing, which then get `-ENOSPC` (__perf_output_begin() in
   * kernel/events/ring_buffer.c).
   */
  pause(paused: boolean): void {
    check(this.#native.perfEventPauseOutput(this.handle, paused), `pause ${this.#subject}`);
  }

  close(): void {
    this.#native.mapDeleteElem(this.#map, this.#key());
    this.#native.perfEventClose(this.handle);
  }

  /** Bytes of a record that did not fit any more. */
  get #needed(): number {
    return this.#report.getUint32(4, true);
  }

  /** Output is paused meanwhile. */
  #snapshot(out: Memory): boolean {
    out.reserve(out.used + 2 * this.#memory.bytes);
    this.pause(true);
    try {
      this.#read(out, out.bytes.subarray(out.used), 0xffff_ffff);
    } finally {
      this.pause(false);
    }
    return true;
  }

  #read(out: Memory, room: Uint8Array, most: number): number {
    const { handle, cpu } = this;
    const { timed } = this.#memory;
    const count = this.#native.perfEventDrain(handle, room, most, cpu, timed, this.#reportBytes);
    this.#lost += Number(this.#report.getBigUint64(8, true));
    if (count === -EMSGSIZE) return 0;
    check(count, `read ${this.#subject} of CPU ${cpu}`);
    out.used += this.#report.getUint32(0, true);
    out.count += count;
    return count;
  }

  #begin(): void {
    const operation = `open ${this.#subject} on CPU ${this.cpu}`;
    try {
      const { bytes, overwrite } = this.#memory;
      check(this.#native.perfEventMap(this.handle, bytes, overwrite), operation);
      const fd = new Int32Array([check(this.#native.perfEventFd(this.handle), operation)]);
      check(this.#native.perfEventEnable(this.handle), operation);
      check(this.#native.mapUpdateElem(this.#map, this.#key(), new Uint8Array(fd.buffer), 0), operation);
    } catch (error) {
      this.#native.perfEventClose(this.handle);
      throw error;
    }
  }

  #key(): Uint8Array {
    return new Uint8Array(new Uint32Array([this.cpu]).buffer);
  }
}

/** Before Linux 6.0 `PERF_FORMAT_LOST` is EINVAL (perf_copy_attr() in kernel/events/core.c). */
function opened(native: NativeApi, cpu: number, memory: PerfMemory): PerfEventHandle | Errno {
  const handle = native.perfEventOpen(attr(memory, formatLost), -1, cpu, -1);
  return handle === -EINVAL ? native.perfEventOpen(attr(memory, 0n), -1, cpu, -1) : handle;
}

function attr({ wakeup, overwrite, timed }: PerfMemory, readFormat: bigint): Uint8Array {
  const byBytes = 'bytes' in wakeup;
  return attrBytes({
    type: software,
    config: bpfOutput,
    period: 1n,
    readFormat,
    sampleType: sampleRaw | (timed ? sampleTime : 0n),
    wakeup: byBytes ? wakeup.bytes : wakeup.events,
    clock: CLOCK_MONOTONIC,
    flags:
      attrFlags.useClock | (byBytes ? attrFlags.watermark : 0n) | (overwrite ? attrFlags.writeBackward : 0n),
  });
}
