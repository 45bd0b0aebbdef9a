/** How monotonic time, time since boot and the wall clock relate, and since when: suspends move the first two apart. */

/** What the clocks showed at one moment, in nanoseconds. */
export interface Sample {
  /** Stands still while the machine is suspended. */
  readonly monotonic: bigint;
  readonly boottime: bigint;
  /** Since 1970. */
  readonly realtime: bigint;
}

/** From a monotonic time on the machine had been suspended this long. */
interface Epoch {
  readonly from: bigint;
  readonly suspended: bigint;
}

/** For so many milliseconds of the wall clock a sample is taken as good; a suspend or a set clock leaves the span. */
const freshMilliseconds = 100;
/** Clocks are read one after the other; what differs less than this many nanoseconds is no suspend. */
const noise = 1_000_000n;
/** Suspends that are remembered. */
const mostEpochs = 1024;

/** Converts between the clocks. Samples are taken when something is converted, never by a timer. */
export class Timeline {
  readonly #sample: () => Sample;
  readonly #wall: () => number;
  #epochs: Epoch[] = [];
  #sampledAt = Number.NaN;
  #boot = 0n;
  #last = 0n;

  /** @param wall - the wall clock in milliseconds, cheap to ask */
  constructor(sample: () => Sample, wall: () => number = Date.now) {
    this.#sample = sample;
    this.#wall = wall;
  }

  /** Time since boot of a monotonic time; by the suspends that were before it. */
  monotonicToBoottime(stamp: bigint): bigint {
    this.#refresh();
    const epoch = this.#epochs.findLast(({ from }) => from <= stamp) ?? this.#epochs[0];
    return stamp + (epoch?.suspended ?? 0n);
  }

  /** The reverse; a time within a suspend becomes the moment at which it began. */
  boottimeToMonotonic(stamp: bigint): bigint {
    this.#refresh();
    const at = this.#epochs.findLastIndex(({ from, suspended }) => from + suspended <= stamp);
    const monotonic = stamp - (this.#epochs[Math.max(at, 0)]?.suspended ?? 0n);
    const next = this.#epochs[at + 1]?.from;
    return at < 0 || next === undefined || monotonic < next ? monotonic : next;
  }

  /** What to add to a time since boot, so that it counts from 1970. */
  get boot(): bigint {
    this.#refresh();
    return this.#boot;
  }

  #refresh(): void {
    const age = this.#wall() - this.#sampledAt;
    if (age >= 0 && age < freshMilliseconds) return;
    const sample = this.#sample();
    this.#sampledAt = this.#wall();
    this.#boot = sample.realtime - sample.boottime;
    this.#note(sample.boottime - sample.monotonic);
    this.#last = sample.monotonic;
  }

  /**
   * A suspend fell somewhere between the last sample and this one. What is stamped in between and seen only now came
   * after it, most likely: what came before it was there to be seen before it.
   */
  #note(suspended: bigint): void {
    const last = this.#epochs.at(-1);
    const change = last === undefined ? noise : suspended - last.suspended;
    if (change < noise && change > -noise) return;
    this.#epochs.push({ from: last === undefined ? 0n : this.#last, suspended });
    if (this.#epochs.length > mostEpochs) this.#epochs.shift();
  }
}
