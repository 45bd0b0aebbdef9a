/** A ring buffer as a source: drained natively, a batch at a time, and watched while a reader waits. */
import { constants } from 'node:os';
import { check, errnoError, failed } from '../native/errno.js';
import type { MapHandle, NativeApi, RingBufferHandle } from '../native/native.js';
import { FdPoll } from './fd-poll.js';
import type { Memory } from './memory.js';
import type { RingCounts } from './ring-counts.js';
import type { EventSource, Limits, SourceCounts, Waiting, Wake } from './source.js';

const { EMSGSIZE } = constants.errno;

/** `BPF_F_RB_OVERWRITE`, Linux 6.19 (include/uapi/linux/bpf.h). */
const overwrite = 1 << 19;
/** Length of a record in a batch where they differ. */
const mixed = 0xffff_ffff;

/** Reads one ring buffer. */
export class RingSource implements EventSource {
  readonly subject: string;
  readonly #native: NativeApi;
  readonly #handle: RingBufferHandle;
  readonly #size: number;
  readonly #poll: FdPoll;
  readonly #counts: RingCounts | undefined;
  /** What the last drain found: bytes used, each record's length, bytes that waited, bytes needed, bytes lost, copied. */
  readonly #report = new Uint32Array(6);
  readonly #reportBytes = new Uint8Array(this.#report.buffer);
  readonly #overwrites: boolean;
  /** The memory whose records were counted and not copied. */
  #counted: Memory | undefined;
  #overwritten = 0;
  #ended = false;

  constructor(map: MapHandle, name: string, size: number, native: NativeApi, counts?: RingCounts) {
    this.subject = `ring buffer ${name}`;
    this.#native = native;
    this.#size = size;
    this.#counts = counts;
    const handle = native.ringBufferOpen(map);
    if (failed(handle)) throw errnoError(handle, this.#operation);
    this.#handle = handle;
    this.#overwrites = (check(native.mapFlags(map), this.#operation) & overwrite) !== 0;
    const fd = check(native.ringBufferFd(handle), this.#operation);
    this.#poll = new FdPoll(fd, this.subject, { once: this.#overwrites });
  }

  get ended(): boolean {
    return this.#ended;
  }

  fill(memory: Memory, limits: Limits): boolean {
    this.#release();
    memory.clear();
    const count = this.#overwrites ? this.#drain(memory, limits) : this.#scan(memory, limits);
    const report = this.#report;
    memory.count = count;
    memory.used = report[0] ?? 0;
    memory.length = report[1] === mixed ? undefined : report[1];
    memory.waited = report[2] ?? 0;
    this.#overwritten += report[4] ?? 0;
    this.#poll.policy.read(count, memory.waited / this.#size);
    return count > 0;
  }

  /** Lets go of a batch that was not read. */
  #release(): void {
    if (this.#counted === undefined) return;
    this.#counted.loader = undefined;
    this.#counted = undefined;
    check(this.#native.ringBufferSkip(this.#handle), this.#operation);
  }

  get rests(): boolean {
    return this.#poll.policy.rests;
  }

  wait(wake: Wake, how: Waiting): void {
    this.#poll.wait(wake, how);
  }

  cancel(): void {
    this.#poll.cancel();
  }

  keepAlive(alive: boolean): void {
    this.#poll.keepAlive(alive);
  }

  counts(): SourceCounts {
    const known = { size: this.#size, overwritten: this.#overwritten };
    if (this.#ended) return known;
    const waiting = check(this.#native.ringBufferAvailable(this.#handle), this.#operation);
    return { ...known, ...this.#counts?.read(), waiting };
  }

  closeSync(): void {
    if (this.#ended) return;
    this.#counted?.load();
    this.#ended = true;
    const wake = this.#poll.cancel();
    this.#poll.close();
    this.#native.ringBufferClose(this.#handle);
    wake?.();
  }

  get #operation(): string {
    return `read ${this.subject}`;
  }

  /** Copies a few records; many are counted, and stay in the ring until they are loaded or let go. */
  #scan(memory: Memory, { records, bytes }: Limits): number {
    const scan = (most: number, size: number) =>
      this.#native.ringBufferScan(this.#handle, memory.few, size, most, this.#reportBytes);
    let count = scan(records, bytes);
    if (count === -EMSGSIZE) count = scan(1, this.#report[3] ?? 0);
    if (count > 0 && this.#report[5] === 0) {
      this.#counted = memory;
      memory.loader = () => this.#load(memory);
    }
    return check(count, this.#operation);
  }

  #load(memory: Memory): void {
    this.#counted = undefined;
    memory.reserve(memory.used);
    check(this.#native.ringBufferTake(this.#handle, memory.bytes), this.#operation);
  }

  #drain(memory: Memory, { records, bytes }: Limits): number {
    memory.reserve(Math.min(bytes, this.#size));
    const drain = (most: number) =>
      this.#native.ringBufferDrain(this.#handle, memory.bytes, most, this.#reportBytes);
    let count = drain(records);
    if (count === -EMSGSIZE) {
      memory.reserve(this.#report[3] ?? 0);
      count = drain(1);
    }
    return check(count, this.#operation);
  }
}
