/** Whether a source is watched, or looked at by a timer: a reader that is woken for each record costs 20 times as much. */

/** Wake-ups closer to each other than this, in milliseconds, are too many. */
const tooOften = 0.4;
/** A tick that finds fewer records than this is one too many. */
const tooFew = 2;
/** How much the latest observation counts in a moving average. */
const weight = 1 / 8;
/** More of the ring than this must not fill between two ticks. */
const fullest = 1 / 4;
const calm = 10;

/** Decides for one source from what its wake-ups found. */
export class Pace {
  readonly #tick: number;
  #polled = false;
  /** Milliseconds between wake-ups, records and fill found by each: moving averages. */
  #gap = calm;
  #found = 0;
  #fill = 0;
  #last = Number.NEGATIVE_INFINITY;
  /** Since the last wake-up. */
  #records = 0;
  #most = 0;

  constructor(tick: number) {
    this.#tick = tick;
  }

  /** True while the source is looked at by a timer. */
  get polled(): boolean {
    return this.#polled;
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

  /** The reader waits again: true when by a timer. */
  next(_now: number): boolean {
    this.#found += (this.#records - this.#found) * weight;
    this.#fill += (this.#most - this.#fill) * weight;
    const most = this.#most;
    this.#records = 0;
    this.#most = 0;
    if (this.#polled) this.#polled = this.#found >= tooFew && most < fullest;
    else this.#polled = this.#gap < tooOften && (this.#fill / this.#gap) * this.#tick < fullest;
    if (!this.#polled && most >= fullest) this.#gap = calm;
    return this.#polled;
  }
}
