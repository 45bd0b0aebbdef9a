/** Counters of hardware and software events, read. */

import { requireOptions } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
import { onlineCpus } from '../host/cpus.js';
import { Resource } from '../native/closable.js';
import { check, errnoError, errnoName, failed } from '../native/errno.js';
import type { Flow } from '../native/flow.js';
import { native, type PerfEventHandle, type Status } from '../native/native.js';
import { attrBytes, attrFlags } from './attr.js';
import { attrOptions, type CountOptions } from './count-options.js';
import { eventCode, type PerfEvent } from './event-names.js';

/** What to count, and of whom. */
export interface CounterOptions extends CountOptions {
  /** As `'cycles'`, `'context-switches'`, or an object for events without a name. */
  readonly event: PerfEvent;
  /** Only this process, 0 for the calling thread; else every process, CPU by CPU. */
  readonly pid?: number;
  /** Only these CPUs; all that are online by default. With `pid` alone the process is followed wherever it runs. */
  readonly cpus?: readonly number[];
  /** Counts from {@link PerfCounter.enable} on, not at once. */
  readonly disabled?: boolean;
}

const counterOptions = ['event', 'pid', 'cpus', 'disabled', 'inherit', 'exclude'];

/** What a counter has counted. */
export interface CounterReading {
  /** As it was counted. */
  readonly value: bigint;
  /** Nanoseconds for which it was enabled… */
  readonly enabled: bigint;
  /** …and for which it really counted: less, where more counters are open than the processor has. */
  readonly running: bigint;
  /** What it would have counted in all that time; undefined where it never counted. */
  readonly scaled: bigint | undefined;
}

/** `PERF_FORMAT_TOTAL_TIME_ENABLED`, `PERF_FORMAT_TOTAL_TIME_RUNNING`. */
const times = 3n;

/**
 * An open counter: one event of a process, or one on each CPU.
 *
 * @example
 * ```ts
 * using switches = PerfCounter.open({ event: 'context-switches', pid: process.pid });
 * console.log(switches.read().value);
 * ```
 */
export class PerfCounter extends Resource {
  readonly #events: ReadonlyMap<number, PerfEventHandle>;
  readonly #operation: string;

  private constructor(events: ReadonlyMap<number, PerfEventHandle>, operation: string) {
    super();
    this.#events = events;
    this.#operation = operation;
  }

  /**
   * Opens and starts it.
   *
   * @throws BpfError `ENOENT` or `EOPNOTSUPP` where the machine does not count such events, `EACCES` without
   * CAP_PERFMON, `ESRCH` for a process that is not there, `ENODEV` for a CPU that is offline (perf_event_open(2)).
   */
  static open(options: CounterOptions): PerfCounter {
    requireOptions('open a counter', options, counterOptions);
    const { event, pid = -1, cpus = options.pid === undefined ? onlineCpus() : [-1] } = options;
    const attr = attrBytes({ ...eventCode(event), readFormat: times, flags: flagsOf(options) });
    const operation = `count ${typeof event === 'string' ? event : JSON.stringify(event, textOf)}`;
    const events = new Map<number, PerfEventHandle>();
    const counter = new PerfCounter(events, operation);
    for (const cpu of cpus) {
      const handle = native().perfEventOpen(attr, pid, cpu, -1);
      if (!failed(handle)) events.set(cpu, handle);
      else return counter.#refused(handle, cpu);
    }
    return counter;
  }

  /** Descriptors by CPU, -1 for any: `bpf.maps.counters.set(cpu, { fd })` takes one. */
  get fds(): ReadonlyMap<number, number> {
    const fds = [...this.#opened].map(([cpu, handle]) => [
      cpu,
      check(native().perfEventFd(handle), this.#operation),
    ]);
    return new Map(fds as [number, number][]);
  }

  /** What it has counted, on all CPUs together. */
  read(): CounterReading {
    let [value, enabled, running] = [0n, 0n, 0n];
    for (const reading of this.readEach().values()) {
      value += reading.value;
      enabled += reading.enabled;
      running += reading.running;
    }
    return reading(value, enabled, running);
  }

  /** What it has counted by CPU; -1 stands for any. */
  readEach(): ReadonlyMap<number, CounterReading> {
    return new Map([...this.#opened].map(([cpu, handle]) => [cpu, this.#read(handle)]));
  }

  /** Counts on. */
  enable(): void {
    for (const handle of this.#opened.values()) check(native().perfEventEnable(handle), this.#operation);
  }

  /** Counts no more until {@link enable}. */
  disable(): void {
    for (const handle of this.#opened.values()) check(native().perfEventDisable(handle), this.#operation);
  }

  /** Sets the value to zero; the times go on. */
  reset(): void {
    for (const handle of this.#opened.values()) check(native().perfEventReset(handle), this.#operation);
  }

  /** @internal */
  protected get subject(): string {
    return 'the counter';
  }

  /** @internal What programs had of it in a map ends too. */
  // biome-ignore lint/correctness/useYield: closing a descriptor does not wait
  protected *end(): Flow<void> {
    for (const handle of this.#events.values()) native().perfEventClose(handle);
  }

  get #opened(): ReadonlyMap<number, PerfEventHandle> {
    this.requireOpen(this.#operation);
    return this.#events;
  }

  #read(handle: PerfEventHandle): CounterReading {
    const words = new BigUint64Array(3);
    check(native().perfEventRead(handle, new Uint8Array(words.buffer)), this.#operation);
    const [value = 0n, enabled = 0n, running = 0n] = words;
    return reading(value, enabled, running);
  }

  #refused(status: Status, cpu: number): never {
    this.closeSync();
    throw refusal(status, cpu < 0 ? this.#operation : `${this.#operation} on CPU ${cpu}`);
  }
}

function reading(value: bigint, enabled: bigint, running: bigint): CounterReading {
  return { value, enabled, running, scaled: running === 0n ? undefined : (value * enabled) / running };
}

function flagsOf(options: CounterOptions): bigint {
  return attrOptions(options) | (options.disabled ? attrFlags.disabled : 0n);
}

function textOf(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

function refusal(status: Status, operation: string): BpfError {
  const code = errnoName(status);
  if (code === 'ENOENT' || code === 'EOPNOTSUPP') {
    const reason = 'this machine does not count such events';
    const hint = 'virtual machines seldom have the counters of the processor; software events are everywhere';
    return errnoError(status, operation, { reason, hint });
  }
  if (code !== 'EACCES' && code !== 'EPERM') return errnoError(status, operation);
  return errnoError(status, operation, {
    hint: 'run as root, grant CAP_PERFMON, or see /proc/sys/kernel/perf_event_paranoid',
  });
}
