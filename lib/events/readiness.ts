/** Knowing when descriptors can be read: one watcher for all of them, and timers for those that are always busy. */
import { check, errnoError } from '../errno.js';
import { native, type WatcherHandle } from '../native.js';
import { Pace } from './pace.js';
import type { Waiting, Wake } from './source.js';
import { beginTurn } from './turn.js';

/** One descriptor that is waited for. */
export class Readiness {
  readonly #fd: number;
  readonly #subject: string;
  /** Whether the source is watched or looked at regularly. */
  readonly pace = new Pace();
  #alive = true;
  #wake: Wake | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(fd: number, subject: string) {
    this.#fd = fd;
    this.#subject = subject;
    watching.open();
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Calls back once; see {@link EventSource.wait}. */
  wait(wake: Wake, { interval, delay }: Waiting): void {
    this.#wake = wake;
    const tick = this.pace.next(delay);
    if (tick === 0) watching.add(this.#fd, this, this.#subject);
    if (tick + interval > 0) this.#look(tick || interval);
  }

  /** Forgets the callback. */
  cancel(): void {
    this.#wake = undefined;
    this.#stop();
  }

  /** Whether waiting keeps the process alive. */
  keepAlive(alive: boolean): void {
    this.#alive = alive;
    if (alive) this.#timer?.ref();
    else this.#timer?.unref();
    watching.updateAlive();
  }

  /** Tells whoever waits. */
  notify(): void {
    const wake = this.#wake;
    this.cancel();
    this.pace.woken(performance.now());
    beginTurn();
    wake?.();
  }

  /** Ends it; the descriptor may be closed then. */
  close(): void {
    this.cancel();
    watching.forget(this.#fd);
    watching.close();
  }

  #look(milliseconds: number): void {
    this.#timer = setTimeout(() => this.notify(), milliseconds);
    if (!this.#alive) this.#timer.unref();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
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
    for (const fd of fds) this.#armed.get(fd)?.notify();
  }
}

const watching = new Watching();
