/** When the next batch of a recording is due: at once, or as long after the first as it was recorded. */

/** Milliseconds in a nanosecond. */
const milli = 1e-6;
/** A timer waits no longer than this. */
const longest = 2 ** 31 - 1;

/** Compares the recording's clock with the machine's, from the first read on. */
export class Pacer {
  readonly #start: bigint;
  readonly #speed: number;
  #began: number | undefined;

  /** @param speed - times as fast as it was; infinite: at once */
  constructor(start: bigint, speed: number) {
    this.#start = start;
    this.#speed = speed;
  }

  /** Milliseconds until what was recorded at that time is due; 0 when it is. */
  left(monotonic: bigint): number {
    this.#began ??= performance.now();
    const after = (Number(monotonic - this.#start) * milli) / this.#speed;
    const left = after - (performance.now() - this.#began);
    return Math.min(Math.max(left, 0), longest);
  }
}
