/** A kernel ring buffer as a source: drained natively, a batch at a time, and watched while somebody waits. */
import { check, errnoError } from '../errno.js';
import type { MapHandle, NativeApi, RingBufferHandle } from '../native.js';
import type { Memory } from './memory.js';
import { Readiness } from './readiness.js';
import type { RingCounts } from './ring-counts.js';
import type { EventSource, Limits, SourceCounts, Wake } from './source.js';

const EMSGSIZE = 90;
/** Length of a record in a batch where they differ. */
const mixed = 0xffff_ffff;

/** Reads one ring buffer. */
export class RingSource implements EventSource {
  readonly subject: string;
  readonly #native: NativeApi;
  readonly #handle: RingBufferHandle;
  readonly #size: number;
  readonly #readiness: Readiness;
  readonly #counts: RingCounts | undefined;
  /** What the last drain found: bytes used, each record's length, bytes that waited, bytes needed, bytes lost. */
  readonly #report = new Uint32Array(5);
  readonly #reportBytes = new Uint8Array(this.#report.buffer);
  #overwritten = 0;
  #ended = false;
  #wake: Wake | undefined;

  constructor(map: MapHandle, name: string, size: number, native: NativeApi, counts?: RingCounts) {
    this.subject = `ring buffer ${name}`;
    this.#native = native;
    this.#size = size;
    this.#counts = counts;
    const handle = native.ringBufferOpen(map);
    if (typeof handle === 'number') throw errnoError(handle, this.#operation);
    this.#handle = handle;
    this.#readiness = new Readiness(check(native.ringBufferFd(handle), this.#operation), this.subject);
  }

  get ended(): boolean {
    return this.#ended;
  }

  fill(memory: Memory, limits: Limits): boolean {
    memory.reserve(Math.min(limits.bytes, this.#size));
    const report = this.#report;
    let count = this.#drain(memory, limits);
    if (count === -EMSGSIZE) {
      memory.reserve(report[3] ?? 0);
      count = this.#drain(memory, { records: 1, bytes: memory.bytes.length });
    }
    memory.count = check(count, this.#operation);
    memory.used = report[0] ?? 0;
    memory.length = report[1] === mixed ? undefined : report[1];
    memory.waited = report[2] ?? 0;
    this.#overwritten += report[4] ?? 0;
    this.#readiness.pace.read(count, memory.waited / this.#size);
    return count > 0;
  }

  wait(wake: Wake, interval: number): void {
    this.#wake = wake;
    this.#readiness.wait(() => this.#wakeUp(), interval);
  }

  cancel(): void {
    this.#wake = undefined;
    this.#readiness.cancel();
  }

  keepAlive(alive: boolean): void {
    this.#readiness.keepAlive(alive);
  }

  counts(): SourceCounts {
    const known = { size: this.#size, overwritten: this.#overwritten };
    if (this.#ended) return known;
    const waiting = check(this.#native.ringBufferAvailable(this.#handle), this.#operation);
    return { ...known, ...this.#counts?.read(), waiting };
  }

  closeSync(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#readiness.close();
    this.#native.ringBufferClose(this.#handle);
    this.#wakeUp();
  }

  get #operation(): string {
    return `read ${this.subject}`;
  }

  #drain(memory: Memory, { records, bytes }: Limits): number {
    const out = bytes < memory.bytes.length ? memory.bytes.subarray(0, bytes) : memory.bytes;
    return this.#native.ringBufferDrain(this.#handle, out, records, this.#reportBytes);
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
