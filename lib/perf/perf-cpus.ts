/** The buffers of the CPUs that are read: those that were named, or all that are online, also later. */

import { BpfError } from '../errors/bpf-error.js';
import { onlineCpus } from '../host/cpus.js';
import { check } from '../native/errno.js';
import type { MapHandle, NativeApi, PerfWatcherHandle } from '../native/native.js';
import { PerfCpu, type PerfMemory } from './perf-cpu.js';
import { Lane } from './time-order.js';

/** CPUs that come are noticed when events are read, this often at most, in milliseconds: idle is to be idle. */
const lookAgain = 1000;

/** What the buffers are made of. */
export interface PerfCpusParts {
  readonly native: NativeApi;
  readonly map: MapHandle;
  readonly subject: string;
  readonly memory: PerfMemory;
  /** Absent: all that are online, also later. */
  readonly cpus: readonly number[] | undefined;
}

/** A CPU's buffer, and its records where they wait for their turn in time. */
export interface PerfLane {
  readonly buffer: PerfCpu;
  readonly lane: Lane;
}

/** Opens, follows and closes them. */
export class PerfCpus {
  readonly #parts: PerfCpusParts;
  readonly #watcher: PerfWatcherHandle;
  readonly #lanes = new Map<number, PerfLane>();
  #looked = 0;
  #gone = 0;

  constructor(parts: PerfCpusParts, watcher: PerfWatcherHandle) {
    this.#parts = parts;
    this.#watcher = watcher;
  }

  /** @throws BpfError `ENODEV` for a CPU that was named and is offline (perf_event_open(2)). */
  openAll(): void {
    for (const cpu of this.#parts.cpus ?? onlineCpus()) this.#open(cpu);
    this.#looked = performance.now();
  }

  get lanes(): readonly PerfLane[] {
    return [...this.#lanes.values()];
  }

  get buffers(): readonly PerfCpu[] {
    return this.lanes.map(({ buffer }) => buffer);
  }

  /** Records that were lost, also on CPUs that went. */
  get lost(): number {
    return this.buffers.reduce((sum, buffer) => sum + buffer.lost, this.#gone);
  }

  /** CPUs come and go. What one that went had written is read to its end first. */
  follow(): void {
    if (this.#parts.cpus !== undefined || performance.now() - this.#looked < lookAgain) return;
    this.#looked = performance.now();
    const online = new Set(onlineCpus());
    for (const [cpu, { buffer }] of this.#lanes)
      if (!online.has(cpu) && buffer.waiting === 0) this.#drop(cpu);
    for (const cpu of online) if (!this.#lanes.has(cpu)) this.#open(cpu);
  }

  close(): void {
    for (const buffer of this.buffers) buffer.close();
    this.#lanes.clear();
  }

  #drop(cpu: number): void {
    const buffer = this.#lanes.get(cpu)?.buffer;
    this.#lanes.delete(cpu);
    this.#gone += buffer?.lost ?? 0;
    buffer?.close();
  }

  /** A CPU that was not named may go offline meanwhile. */
  #open(cpu: number): void {
    const { native, map, memory, subject, cpus } = this.#parts;
    try {
      const buffer = new PerfCpu(native, map, cpu, memory, subject);
      this.#lanes.set(cpu, { buffer, lane: new Lane() });
      check(native.perfWatcherAdd(this.#watcher, buffer.handle), `watch ${subject} on CPU ${cpu}`);
    } catch (error) {
      if (!(error instanceof BpfError) || error.code !== 'ENODEV') throw error;
      if (cpus !== undefined) throw offline(error, cpu);
    }
  }
}

function offline(cause: BpfError, cpu: number): BpfError {
  const { code, operation, errno } = cause;
  return new BpfError({ code, operation, errno, cause, reason: `CPU ${cpu} is offline or not there` });
}
