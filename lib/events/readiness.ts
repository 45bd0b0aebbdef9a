/** Knowing when descriptors can be read: one watcher for all of them, or a timer for those that are always busy. */
import { check, errnoError } from '../errno.js';
import { native, type WatcherHandle } from '../native.js';
import { Pace } from './pace.js';
import type { Wake } from './source.js';
import { beginTurn } from './turn.js';

/** While a source is busy, it is looked at this often, in milliseconds. */
const tick = 1;

/** One descriptor that is waited for. */
export class Readiness {
  readonly #fd: number;
  readonly #subject: string;
  /** Whether the source is watched or looked at regularly. */
  readonly pace = new Pace(tick);
  #alive = true;
  #wake: Wake | undefined;
  #interval: NodeJS.Timeout | undefined;

  constructor(fd: number, subject: string) {
    this.#fd = fd;
    this.#subject = subject;
    watching.open();
  }

  get waiting(): boolean {
    return this.#wake !== undefined;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Calls back once; see {@link EventSource.wait}. */
  wait(wake: Wake, interval: number): void {
    this.#wake = wake;
    if (this.pace.next(performance.now())) polling.add(this);
    else watching.add(this.#fd, this, this.#subject);
    if (interval > 0 && this.#interval === undefined) this.#look(interval);
  }

  /** Forgets the callback. */
  cancel(): void {
    this.#wake = undefined;
    clearTimeout(this.#interval);
    this.#interval = undefined;
    polling.remove(this);
    watching.remove(this.#fd);
  }

  /** Whether waiting keeps the process alive. */
  keepAlive(alive: boolean): void {
    this.#alive = alive;
    if (alive) this.#interval?.ref();
    else this.#interval?.unref();
    polling.updateAlive();
    watching.updateAlive();
  }

  /** Tells whoever waits. */
  notify(): void {
    const wake = this.#wake;
    if (wake === undefined) return;
    this.#wake = undefined;
    clearTimeout(this.#interval);
    this.#interval = undefined;
    this.pace.woken(performance.now());
    wake();
  }

  /** Ends it; the descriptor may be closed then. */
  close(): void {
    this.cancel();
    watching.forget(this.#fd);
    watching.close();
  }

  #look(interval: number): void {
    this.#interval = setTimeout(() => {
      this.cancelWatch();
      this.notify();
    }, interval);
    if (!this.#alive) this.#interval.unref();
  }

  private cancelWatch(): void {
    polling.remove(this);
    watching.remove(this.#fd);
  }
}

/** The watcher of this environment, open while there is somebody to use it. */
class Watching {
  readonly #armed = new Map<number, Readiness>();
  #watcher: WatcherHandle | undefined;
  #users = 0;
  #alive = false;

  open(): void {
    this.#users++;
    if (this.#watcher !== undefined) return;
    const watcher = native().watcherOpen(fds => this.#report(fds));
    if (typeof watcher === 'number') throw errnoError(watcher, 'watch BPF descriptors');
    this.#watcher = watcher;
    this.#alive = false;
  }

  close(): void {
    if (--this.#users > 0 || this.#watcher === undefined) return;
    native().watcherClose(this.#watcher);
    this.#watcher = undefined;
  }

  add(fd: number, readiness: Readiness, subject: string): void {
    if (this.#watcher === undefined) return;
    this.#armed.set(fd, readiness);
    check(native().watcherArm(this.#watcher, fd), `wait for ${subject}`);
    this.updateAlive();
  }

  /** One report may still come; nobody listens for it. */
  remove(fd: number): void {
    if (this.#armed.delete(fd)) this.updateAlive();
  }

  forget(fd: number): void {
    if (this.#watcher !== undefined) native().watcherForget(this.#watcher, fd);
  }

  /** The loop lives while somebody waits who wants that; said only when it changes. */
  updateAlive(): void {
    let alive = false;
    for (const readiness of this.#armed.values()) alive ||= readiness.alive;
    if (alive === this.#alive || this.#watcher === undefined) return;
    this.#alive = alive;
    native().watcherKeepAlive(this.#watcher, alive);
  }

  /** All that are ready are told before the first of them reads, so that they take turns. */
  #report(fds: readonly number[]): void {
    beginTurn();
    for (const fd of fds) {
      const readiness = this.#armed.get(fd);
      this.#armed.delete(fd);
      readiness?.notify();
    }
    queueMicrotask(() => this.updateAlive());
  }
}

/** The timer of this environment for all busy sources; it runs while there are any. */
class Polling {
  readonly #busy = new Set<Readiness>();
  #timer: NodeJS.Timeout | undefined;
  #alive = true;

  add(readiness: Readiness): void {
    this.#busy.add(readiness);
    this.updateAlive();
    if (this.#timer === undefined) this.#start();
  }

  remove(readiness: Readiness): void {
    if (!this.#busy.delete(readiness) || this.#busy.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  updateAlive(): void {
    let alive = false;
    for (const readiness of this.#busy) alive ||= readiness.alive;
    if (this.#alive === alive) return;
    this.#alive = alive;
    if (alive) this.#timer?.ref();
    else this.#timer?.unref();
  }

  #start(): void {
    this.#timer = setTimeout(() => this.#ring(), tick);
    if (!this.#alive) this.#timer.unref();
  }

  #ring(): void {
    this.#timer = undefined;
    beginTurn();
    const busy = [...this.#busy];
    this.#busy.clear();
    for (const readiness of busy) readiness.notify();
  }
}

const watching = new Watching();
const polling = new Polling();
