/** The perf buffers of several CPUs as one source: in turns, or in the order of their times. */
import { onlineCpus } from '../cpus.js';
import { check, errnoError, errnoName } from '../errno.js';
import { BpfError } from '../errors.js';
import type { Memory } from '../events/memory.js';
import type { EventSource, Limits, SourceCounts, Waiting, Wake } from '../events/source.js';
import type { MapHandle, NativeApi, PerfWatcherHandle } from '../native.js';
import { PerfCpu, type PerfMemory } from './perf-cpu.js';
import { Lane, TimeOrder } from './time-order.js';

/** CPUs that come are noticed when events are read, this often at most, in milliseconds: idle is to be idle. */
const lookAgain = 1000;

/** What a source of perf buffers is made of. */
export interface PerfSourceParts {
  readonly native: NativeApi;
  readonly map: MapHandle;
  readonly subject: string;
  readonly memory: PerfMemory;
  /** Absent: all that are online, also later. */
  readonly cpus: readonly number[] | undefined;
  /** Monotonic time as programs see it. */
  readonly now: () => bigint;
}

/** Reads the buffers of all CPUs. */
export class PerfSource implements EventSource {
  readonly subject: string;
  readonly #parts: PerfSourceParts;
  readonly #native: NativeApi;
  readonly #watcher: PerfWatcherHandle;
  readonly #cpus = new Map<number, { readonly buffer: PerfCpu; readonly lane: Lane }>();
  readonly #order: TimeOrder | undefined;
  #turn = 0;
  #looked = 0;
  #gone = 0;
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
    const watcher = this.#native.perfWatcherOpen(() => this.#wakeUp());
    if (typeof watcher === 'number') throw errnoError(watcher, `watch ${this.subject}`);
    this.#watcher = watcher;
    try {
      for (const cpu of parts.cpus ?? onlineCpus()) this.#open(cpu);
    } catch (error) {
      this.closeSync();
      throw error;
    }
    this.#looked = performance.now();
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
    return [...this.#cpus.values()].map(({ buffer }) => buffer);
  }

  fill(memory: Memory, limits: Limits): boolean {
    this.#follow();
    memory.clear();
    memory.reserve(limits.bytes);
    const each = [...this.#cpus.values()];
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
    const dropped = cpus.reduce((sum, cpu) => sum + cpu.lost, this.#gone);
    return { dropped, waiting, size: cpus.length * this.#parts.memory.bytes };
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
    for (const cpu of this.cpus) cpu.close();
    this.#cpus.clear();
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
  #fillInTurns(each: readonly { readonly buffer: PerfCpu }[], memory: Memory, limits: Limits): void {
    this.#turn++;
    for (let index = 0; index < each.length; index++)
      each[(this.#turn + index) % each.length]?.buffer.drain(memory, limits);
  }

  #fillInOrder(
    order: TimeOrder,
    each: readonly { readonly buffer: PerfCpu; readonly lane: Lane }[],
    memory: Memory,
    limits: Limits,
  ): void {
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

  /** CPUs come and go. What one that went had written is read to its end first. */
  #follow(): void {
    if (this.#parts.cpus !== undefined || performance.now() - this.#looked < lookAgain) return;
    this.#looked = performance.now();
    const online = new Set(onlineCpus());
    for (const [cpu, { buffer }] of this.#cpus) if (!online.has(cpu) && buffer.waiting === 0) this.#drop(cpu);
    for (const cpu of online) if (!this.#cpus.has(cpu)) this.#open(cpu);
  }

  #drop(cpu: number): void {
    const buffer = this.#cpus.get(cpu)?.buffer;
    this.#cpus.delete(cpu);
    this.#gone += buffer?.lost ?? 0;
    buffer?.close();
  }

  /** A CPU that nobody named may go offline meanwhile. */
  #open(cpu: number): void {
    const { native, map, memory, subject, cpus } = this.#parts;
    try {
      const buffer = new PerfCpu(native, map, cpu, memory, subject);
      this.#cpus.set(cpu, { buffer, lane: new Lane() });
      check(native.perfWatcherAdd(this.#watcher, buffer.handle), `watch ${subject} on CPU ${cpu}`);
    } catch (error) {
      if (!(error instanceof BpfError) || error.code !== errnoName(-ENODEV)) throw error;
      if (cpus !== undefined) throw offline(error, cpu);
    }
  }

  /** By the watcher, the interval or the first look: the others need not any more. */
  #wakeUp(): void {
    const wake = this.#wake;
    this.cancel();
    wake?.();
  }
}

/** What is left in a lane counts. */
function laneLimits({ memory }: Lane, { records, bytes }: Limits): Limits {
  return { records, bytes: memory.used + bytes };
}

function offline(cause: BpfError, cpu: number): BpfError {
  const { code, operation, errno } = cause;
  return new BpfError({ code, operation, errno, cause, reason: `CPU ${cpu} is offline or not there` });
}

/** The same number on every Linux. */
const ENODEV = 19;
