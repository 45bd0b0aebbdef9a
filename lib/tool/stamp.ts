/** When an event was: what all rows of events begin with. */
import { argumentError, shown } from '../errors/arguments.js';
import { clock } from '../index.js';

/** A moment, by two clocks. */
export interface Stamped {
  /** By the wall clock. */
  readonly time: Date;
  /** Nanoseconds of the kernel's monotonic clock. */
  readonly stamp: bigint;
}

/**
 * The moment that a program stamped with `bpf_ktime_get_ns()`.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for what is no bigint
 */
export function stamped(stamp: bigint): Stamped {
  if (typeof stamp !== 'bigint')
    throw argumentError('read a stamp', `nanoseconds are a bigint, not ${shown(stamp)}`);
  return { time: clock.monotonic.toDate(stamp), stamp };
}
