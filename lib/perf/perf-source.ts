/** The perf buffers of several CPUs as one source: in turns, or in the order of their times. */

import type { Memory } from '../events/memory.js';
import { startSlice } from '../events/scheduler.js';
import type { EventSource, Limits, SourceCounts, Waiting, Wake } from '../events/source.js';
import { hasLibuv } from '../host/runtime.js';
import { errnoError, failed } from '../native/errno.js';
import type { NativeApi, PerfWatcherHandle } from '../native/native.js';
import type { PerfCpu } from './perf-cpu.js';
import { PerfCpus, type PerfCpusParts, type PerfLane } from './perf-cpus.js';
import { type Lane, TimeOrder } from './time-order.js';

/** What a source of perf buffers is made of. */
interface PerfSourceParts extends PerfCpusParts {
  /** Monotonic time as programs see it. */
  readonly now: () => bigint;
}

/** Reads the buffers of all CPUs. */
export class PerfSource implements EventSource {
  readonly subject: string;
  readonly #parts: PerfSourceParts;
  readonly #native: NativeApi;
  readonly #watcher: PerfWatcherHandle;
  readonly #cpus: PerfCpus;
  readonly #order: TimeOrder | undefined;
  #turn = 0;
  #ended = false;
  #watched = false;
  #alive = true;
  #wake: Wake | undefined;
  #interval: NodeJS.Timeout | undefined;

  constructor(parts: PerfSourceParts) {
    this.#parts = parts;
    this.#native = parts.native;
    this.subject = parts.subject;
    this.#order = parts.memory.timed ? new TimeOrder() : undefined;
    const watcher = this.#native.perfWatcherOpen(() => this.#wakeUp(), !hasLibuv());
    if (failed(watcher)) throw errnoError(watcher, `watch ${this.subject}`);
    this.#watcher = watcher;
    this.#cpus = new PerfCpus(parts, watcher);
    try {
      this.#cpus.openAll();
    } catch (error) {
      this.closeSync();
      throw error;
    }
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Records that came out of order, where order was asked for. */
  get late(): number {
    return this.#order?.late ?? 0;
  }

  /** By CPU, those that are read. */
  get cpus(): readonly PerfCpu[] {
    return this.#cpus.buffers;
  }

  fill(memory: Memory, limits: Limits): boolean {
    this.#cpus.follow();
    memory.clear();
    memory.reserve(limits.bytes);
    const each = this.#cpus.lanes;
    memory.waited = each.reduce((sum, { buffer }) => sum + buffer.waiting, 0);
    if (this.#order) this.#fillInOrder(this.#order, each, memory, limits);
    else this.#fillInTurns(each, memory, limits);
    return memory.count > 0;
  }

  wait(wake: Wake, { interval }: Waiting): void {
    this.#wake = wake;
    if (this.#native.perfWatcherArm(this.#watcher) === 1) queueMicrotask(() => this.#wakeUp());
    if (!this.#watched) this.#lookOnce();
    if (interval === 0) return;
    this.#interval = setTimeout(() => this.#wakeUp(), interval);
    if (!this.#alive) this.#interval.unref();
  }

  cancel(): void {
    this.#wake = undefined;
    clearTimeout(this.#interval);
    this.#native.perfWatcherDisarm(this.#watcher);
  }

  keepAlive(alive: boolean): void {
    this.#alive = alive;
    if (alive) this.#interval?.ref();
    else this.#interval?.unref();
    this.#native.perfWatcherKeepAlive(this.#watcher, alive);
  }

  counts(): SourceCounts {
    const { cpus } = this;
    const waiting = cpus.reduce((sum, cpu) => sum + cpu.waiting, 0);
    return { dropped: this.#cpus.lost, waiting, size: cpus.length * this.#parts.memory.bytes };
  }

  /** Whether programs may write. */
  pauseOutput(paused: boolean): void {
    for (const cpu of this.cpus) cpu.pause(paused);
  }

  closeSync(): void {
    if (this.#ended) return;
    this.#ended = true;
    const wake = this.#wake;
    this.cancel();
    this.#native.perfWatcherClose(this.#watcher);
    this.#cpus.close();
    wake?.();
  }

  /**
   * The event loop begins to watch when it polls next, and a wake-up before that is gone: so it looks once more when it
   * has polled.
   */
  #lookOnce(): void {
    this.#watched = true;
    setImmediate(() => this.#wakeUp());
  }

  /** The first CPU is another one each time, so that none is passed over. */
  #fillInTurns(each: readonly PerfLane[], memory: Memory, limits: Limits): void {
    this.#turn++;
    for (let index = 0; index < each.length; index++)
      each[(this.#turn + index) % each.length]?.buffer.drain(memory, limits);
  }

  #fillInOrder(order: TimeOrder, each: readonly PerfLane[], memory: Memory, limits: Limits): void {
    const now = this.#parts.now();
    for (const { buffer, lane } of each) {
      lane.compact();
      lane.drained = lane.memory.used < limits.bytes && buffer.drain(lane.memory, laneLimits(lane, limits));
    }
    order.merge(
      each.map(({ lane }) => lane),
      now,
      memory,
      limits.records,
    );
  }

  /** By the watcher, the interval or the first look: the others need not any more. */
  #wakeUp(): void {
    const wake = this.#wake;
    this.cancel();
    if (wake !== undefined) startSlice(performance.now(), wake);
  }
}

/** What is left in a lane counts. */
function laneLimits({ memory }: Lane, { records, bytes }: Limits): Limits {
  return { records, bytes: memory.used + bytes };
}
