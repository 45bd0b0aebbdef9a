/** Whether a source is watched or looked at by a timer: a reader that is woken for each record costs 20 times as much. */

/** Wake-ups closer to each other than this, in milliseconds, are too many. */
const tooOften = 0.4;
/** A look that finds fewer records than this for each millisecond is one too many. */
const tooFew = 2;
/** More of the ring than this must not fill between two looks. */
const fullest = 1 / 4;
/** How much the latest observation counts in a moving average. */
const weight = 1 / 8;
/** Milliseconds between wake-ups of a source that nothing is known of. */
const calm = 10;

/** Decides for one source from what its wake-ups found. */
export class Pace {
  /** Milliseconds until the next look; 0 while the source is watched. */
  #tick = 0;
  /** Moving averages: milliseconds between wake-ups, and what each found: records, and how full the source was. */
  #gap = calm;
  #found = 0;
  #fill = 0;
  #last = Number.NEGATIVE_INFINITY;
  /** Since the last wake-up. */
  #records = 0;
  #most = 0;

  /** True when what comes now is better left until the next look. */
  get rests(): boolean {
    return this.#tick > 0 && this.#most < fullest;
  }

  /** A batch was read; `fill` says how full the source was, from 0 to 1. */
  read(records: number, fill: number): void {
    this.#records += records;
    this.#most = Math.max(this.#most, fill);
  }

  /** The reader was woken. */
  woken(now: number): void {
    this.#gap += (Math.min(now - this.#last, calm) - this.#gap) * weight;
    this.#last = now;
  }

  /** The reader waits again: the milliseconds until it should look, `delay` at most; 0: when it is told. */
  next(delay: number): number {
    this.#found += (this.#records - this.#found) * weight;
    this.#fill += (this.#most - this.#fill) * weight;
    const busy = this.#tick > 0 ? this.#found >= tooFew * this.#gap : this.#gap < tooOften;
    // So long that a quarter of the ring fills; less than a millisecond no timer can do.
    const room = (fullest * this.#gap) / this.#fill;
    this.#tick = busy && this.#most < fullest && room >= 1 ? Math.floor(Math.min(delay, room)) : 0;
    this.#records = 0;
    this.#most = 0;
    return this.#tick;
  }
}
