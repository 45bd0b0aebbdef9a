/** The watcher of this environment: one for all descriptors, and one tick for all that are looked at. */
import { hasLibuv } from '../host/runtime.js';
import { check, errnoError, failed } from '../native/errno.js';
import { native, type WatcherHandle } from '../native/native.js';
import type { Readiness } from './readiness.js';
import { beginTurn, soon } from './turn.js';

/** Open while there is somebody to use it. */
class Watching {
  readonly #users = new Map<number, Readiness>();
  #watcher: WatcherHandle | undefined;
  #alive = false;
  #tick = 0;

  open(user: Readiness): void {
    if (this.#watcher === undefined) this.#open();
    this.#users.set(user.fd, user);
  }

  close(user: Readiness): void {
    this.#users.delete(user.fd);
    this.update();
    if (this.#users.size > 0 || this.#watcher === undefined) return;
    native().watcherClose(this.#watcher);
    this.#watcher = undefined;
  }

  arm({ fd, once, subject }: Readiness): void {
    if (this.#watcher === undefined) return;
    check(native().watcherArm(this.#watcher, fd, once), `wait for ${subject}`);
  }

  disarm({ fd }: Readiness): void {
    if (this.#watcher !== undefined) native().watcherForget(this.#watcher, fd);
  }

  /** The loop lives, and ticks, while somebody waits who wants that; said only when it changes. */
  update(): void {
    if (this.#watcher === undefined) return;
    let alive = false;
    let tick = 0;
    for (const user of this.#users.values()) {
      if (!user.waits) continue;
      alive ||= user.alive;
      if (user.tick > 0) tick = tick === 0 ? user.tick : Math.min(tick, user.tick);
    }
    if (tick !== this.#tick) native().watcherTick(this.#watcher, tick);
    if (alive !== this.#alive) native().watcherKeepAlive(this.#watcher, alive);
    this.#tick = tick;
    this.#alive = alive;
  }

  /** {@link update}, when the loops of those who were told have had their events: most wait again then. */
  settle(): void {
    soon(this.#onSettled);
  }

  readonly #onSettled = () => this.update();

  #open(): void {
    const watcher = native().watcherOpen((...fds) => this.#told(fds), !hasLibuv());
    if (failed(watcher)) throw errnoError(watcher, 'watch BPF descriptors');
    this.#watcher = watcher;
    this.#alive = false;
    this.#tick = 0;
  }

  #told(fds: readonly number[]): void {
    const now = performance.now();
    beginTurn(now, () => {
      if (fds.length === 0) for (const user of this.#users.values()) user.ticked(now);
      else for (const fd of fds) this.#users.get(fd)?.reported(now);
    });
    this.settle();
  }
}

/** Of this thread. */
export const watching = new Watching();
