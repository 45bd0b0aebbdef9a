/** Waiting that a timer ends, for sources without wake-ups. */
import type { Wake } from './source.js';

/** One callback, called once: by the timer, or before. */
export class TimedWait {
  #alive = true;
  #wake: Wake | undefined;
  #timer: NodeJS.Timeout | undefined;

  start(wake: Wake, milliseconds: number): void {
    this.#wake = wake;
    this.#timer = setTimeout(() => this.end(), milliseconds);
    if (!this.#alive) this.#timer.unref();
  }

  cancel(): void {
    this.#wake = undefined;
    clearTimeout(this.#timer);
  }

  /** Whether it keeps the process alive. */
  keepAlive(alive: boolean): void {
    this.#alive = alive;
    if (alive) this.#timer?.ref();
    else this.#timer?.unref();
  }

  /** Wakes the reader. */
  end(): void {
    const wake = this.#wake;
    this.cancel();
    wake?.();
  }
}
