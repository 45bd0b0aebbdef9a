/** Knowing when a descriptor can be read: it is watched, or looked at by a tick while it is always busy. */
import { Pace } from './pace.js';
import type { Waiting, Wake } from './source.js';
import { beginTurn } from './turn.js';
import { watching } from './watching.js';

/** How the watcher reports a descriptor. */
export interface ReadinessOptions {
  /**
   * Once for each wait, and at once if it is ready then; else whenever the kernel wakes whoever waits, for those who
   * have looked, and found nothing, before they wait: that costs no system call.
   */
  readonly once: boolean;
}

/** One descriptor that is waited for. */
export class Readiness {
  readonly fd: number;
  readonly once: boolean;
  readonly subject: string;
  /** Whether the source is watched or looked at regularly. */
  readonly pace = new Pace();
  #alive = true;
  #armed = false;
  #tick = 0;
  #since = 0;
  #wake: Wake | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(fd: number, subject: string, { once }: ReadinessOptions) {
    this.fd = fd;
    this.once = once;
    this.subject = subject;
    watching.open(this);
  }

  /** Whether somebody waits. */
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
    this.#tick = this.pace.next(delay);
    this.#arm(this.#tick === 0);
    if (interval > 0 && this.#tick === 0) this.#look(interval);
    watching.update();
  }

  /** Forgets the callback, and answers it. */
  cancel(): Wake | undefined {
    const wake = this.#forget();
    watching.update();
    return wake;
  }

  /** Whether waiting keeps the process alive. */
  keepAlive(alive: boolean): void {
    this.#alive = alive;
    if (alive) this.#timer?.ref();
    else this.#timer?.unref();
    watching.update();
  }

  /** It was reported: tells whoever waits. */
  reported(now: number): void {
    if (this.once) this.#armed = false;
    if (this.waits) this.#notify(now);
  }

  /** A tick of the watcher: tells whoever waits, if it is time. */
  ticked(now: number): void {
    if (this.waits && this.#tick > 0 && now - this.#since >= this.#tick - 1) this.#notify(now);
  }

  /** Ends it; the descriptor may be closed then. */
  close(): void {
    this.#forget();
    watching.disarm(this);
    watching.close(this);
  }

  #notify(now: number): void {
    this.#since = now;
    this.pace.woken(now);
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
    if (armed) watching.arm(this);
    else watching.disarm(this);
    this.#armed = armed;
  }

  #look(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      const now = performance.now();
      beginTurn(now, () => this.#notify(now));
      watching.settle();
    }, milliseconds);
    if (!this.#alive) this.#timer.unref();
  }
}
