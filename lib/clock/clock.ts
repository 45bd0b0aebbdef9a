/** Stamps of BPF programs as dates, and dates as stamps. */
import { sampleClocks } from './sample.js';
import { Timeline } from './timeline.js';

const timeline = new Timeline(sampleClocks);
const nanosecondsInMillisecond = 1_000_000n;

/** One of the clocks that BPF programs stamp with. Stamps are nanoseconds. */
export class KernelClock {
  readonly #toBoot: (stamp: bigint) => bigint;
  readonly #fromBoot: (stamp: bigint) => bigint;
  readonly #timeline: Timeline;

  /** @internal */
  constructor(
    toBoot: (stamp: bigint) => bigint,
    fromBoot: (stamp: bigint) => bigint,
    ofBoot: Timeline = timeline,
  ) {
    this.#toBoot = toBoot;
    this.#fromBoot = fromBoot;
    this.#timeline = ofBoot;
  }

  /** The date of a stamp, by the wall clock as it is now. A Date has milliseconds; {@link toUnix} has them all. */
  toDate(stamp: bigint | number): Date {
    return new Date(Number(this.toUnix(stamp) / nanosecondsInMillisecond));
  }

  /** Nanoseconds since 1970 of a stamp, to some microseconds: as OpenTelemetry wants them. */
  toUnix(stamp: bigint | number): bigint {
    return this.#toBoot(BigInt(stamp)) + this.#timeline.boot;
  }

  /** The stamp of a date: what a program would have stamped then. */
  fromDate(date: Date): bigint {
    return this.fromUnix(BigInt(date.getTime()) * nanosecondsInMillisecond);
  }

  /** The stamp of a moment in nanoseconds since 1970. */
  fromUnix(nanoseconds: bigint): bigint {
    return this.#fromBoot(nanoseconds - this.#timeline.boot);
  }
}

/**
 * The clocks of BPF programs. How they relate to the wall clock is sampled whenever a stamp is converted and the last
 * sample is older than 100 ms or the wall clock has jumped: a clock that was set counts at once, also in a container
 * with a time namespace of its own.
 *
 * Programs that need times across suspends stamp with `bpf_ktime_get_boot_ns()`. `monotonic` stands still meanwhile;
 * a stamp of it is right when it is converted before the next suspend, or when anything was converted between the
 * stamp and that suspend.
 *
 * @example
 * ```ts
 * for await (const event of bpf.maps.events) console.log(clock.monotonic.toDate(event.time), event.comm);
 * ```
 */
export const clock: {
  /** `bpf_ktime_get_ns()`. */
  readonly monotonic: KernelClock;
  /** `bpf_ktime_get_boot_ns()`. @since Linux 5.8 (ktime_get_boot_fast_ns() in kernel/time/timekeeping.c) */
  readonly boottime: KernelClock;
} = clocksOf(timeline);

/** @internal */
export function clocksOf(of: Timeline): { readonly monotonic: KernelClock; readonly boottime: KernelClock } {
  const same = (stamp: bigint) => stamp;
  const toBoot = (stamp: bigint) => of.monotonicToBoottime(stamp);
  const toMonotonic = (stamp: bigint) => of.boottimeToMonotonic(stamp);
  return {
    monotonic: new KernelClock(toBoot, toMonotonic, of),
    boottime: new KernelClock(same, same, of),
  };
}
