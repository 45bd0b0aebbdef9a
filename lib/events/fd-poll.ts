/** Knowing when a descriptor can be read: it is watched, or looked at by a tick while it is always busy. */

import { startSlice } from './scheduler.js';
import type { Waiting, Wake } from './source.js';
import { watcher } from './watcher.js';

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

/**
 * Whether a source is watched or looked at by a timer, from what its wake-ups found: a reader that is woken for each
 * record costs 20 times as much.
 */
export class PollPolicy {
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

/** How the watcher reports a descriptor. */
interface FdPollOptions {
  /**
   * Once for each wait, and at once if it is ready then; else on each wake-up (`EPOLLET` of epoll(7)), for sources
   * that are read until they are empty before each wait: that costs no system call.
   */
  readonly once: boolean;
}

/** One descriptor that is waited for. */
export class FdPoll {
  readonly fd: number;
  readonly once: boolean;
  readonly subject: string;
  /** Whether the source is watched or looked at regularly. */
  readonly policy = new PollPolicy();
  #alive = true;
  #armed = false;
  #tick = 0;
  #since = 0;
  #wake: Wake | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(fd: number, subject: string, { once }: FdPollOptions) {
    this.fd = fd;
    this.once = once;
    this.subject = subject;
    watcher.open(this);
  }

  /** Whether a reader waits. */
  get waits(): boolean {
    return this.#wake !== undefined;
  }

  /** Whether waiting keeps the process alive. */
  get alive(): boolean {
    return this.#alive;
  }

  /** Milliseconds from look to look; 0 while it is watched. */
  get tick(): number {
    return this.#tick;
  }

  /** Calls back once; see {@link EventSource.wait}. */
  wait(wake: Wake, { interval, delay }: Waiting): void {
    this.#wake = wake;
    this.#tick = this.policy.next(delay);
    this.#arm(this.#tick === 0);
    if (interval > 0 && this.#tick === 0) this.#look(interval);
    watcher.update();
  }

  /** Forgets the callback, and answers it. */
  cancel(): Wake | undefined {
    const wake = this.#forget();
    watcher.update();
    return wake;
  }

  /** Whether waiting keeps the process alive. */
  keepAlive(alive: boolean): void {
    this.#alive = alive;
    if (alive) this.#timer?.ref();
    else this.#timer?.unref();
    watcher.update();
  }

  /** It was reported: wakes the reader. */
  reported(now: number): void {
    if (this.once) this.#armed = false;
    if (this.waits) this.#notify(now);
  }

  /** A tick of the watcher: wakes the reader, if it is time. */
  ticked(now: number): void {
    if (this.waits && this.#tick > 0 && now - this.#since >= this.#tick - 1) this.#notify(now);
  }

  /** Ends it; the descriptor may be closed then. */
  close(): void {
    this.#forget();
    watcher.disarm(this);
    watcher.close(this);
  }

  #notify(now: number): void {
    this.#since = now;
    this.policy.woken(now);
    this.#forget()?.();
  }

  #forget(): Wake | undefined {
    const wake = this.#wake;
    this.#wake = undefined;
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
    return wake;
  }

  #arm(armed: boolean): void {
    if (armed === this.#armed) return;
    if (armed) watcher.arm(this);
    else watcher.disarm(this);
    this.#armed = armed;
  }

  #look(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      const now = performance.now();
      startSlice(now, () => this.#notify(now));
      watcher.settle();
    }, milliseconds);
    if (!this.#alive) this.#timer.unref();
  }
}
