/** When an event was: what all rows of events begin with. */
import { clock } from '../index.js';

/** A moment, by two clocks. */
export interface Stamped {
  /** By the wall clock. */
  readonly time: Date;
  /** Nanoseconds of the kernel's monotonic clock. */
  readonly stamp: bigint;
}

/** The moment that a program stamped with `bpf_ktime_get_ns()`. */
export function stamped(stamp: bigint): Stamped {
  return { time: clock.monotonic.toDate(stamp), stamp };
}
