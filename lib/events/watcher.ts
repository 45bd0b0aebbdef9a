/** The watcher of this environment: one for all descriptors, and one tick for all that are looked at. */
import { hasLibuv } from '../host/runtime.js';
import { check, errnoError, failed } from '../native/errno.js';
import { native, type WatcherHandle } from '../native/native.js';
import type { FdPoll } from './fd-poll.js';
import { afterPromises, startSlice } from './scheduler.js';

/** Open while a source uses it. */
class Watcher {
  readonly #polls = new Map<number, FdPoll>();
  #handle: WatcherHandle | undefined;
  #alive = false;
  #tick = 0;

  open(poll: FdPoll): void {
    if (this.#handle === undefined) this.#open();
    this.#polls.set(poll.fd, poll);
  }

  close(poll: FdPoll): void {
    this.#polls.delete(poll.fd);
    this.update();
    if (this.#polls.size > 0 || this.#handle === undefined) return;
    native().watcherClose(this.#handle);
    this.#handle = undefined;
  }

  arm({ fd, once, subject }: FdPoll): void {
    if (this.#handle === undefined) return;
    check(native().watcherArm(this.#handle, fd, once), `wait for ${subject}`);
  }

  disarm({ fd }: FdPoll): void {
    if (this.#handle !== undefined) native().watcherForget(this.#handle, fd);
  }

  /** The loop lives, and ticks, while a reader waits that keeps it alive; the addon is told of changes only. */
  update(): void {
    if (this.#handle === undefined) return;
    let alive = false;
    let tick = 0;
    for (const poll of this.#polls.values()) {
      if (!poll.waits) continue;
      alive ||= poll.alive;
      if (poll.tick > 0) tick = tick === 0 ? poll.tick : Math.min(tick, poll.tick);
    }
    if (tick !== this.#tick) native().watcherTick(this.#handle, tick);
    if (alive !== this.#alive) native().watcherKeepAlive(this.#handle, alive);
    this.#tick = tick;
    this.#alive = alive;
  }

  /** {@link update}, when the loops that were woken have had their events: most wait again then. */
  settle(): void {
    afterPromises(this.#onSettled);
  }

  readonly #onSettled = () => this.update();

  #open(): void {
    const handle = native().watcherOpen((...fds) => this.#report(fds), !hasLibuv());
    if (failed(handle)) throw errnoError(handle, 'watch BPF descriptors');
    this.#handle = handle;
    this.#alive = false;
    this.#tick = 0;
  }

  #report(fds: readonly number[]): void {
    const now = performance.now();
    startSlice(now, () => {
      if (fds.length === 0) for (const poll of this.#polls.values()) poll.ticked(now);
      else for (const fd of fds) this.#polls.get(fd)?.reported(now);
    });
    this.settle();
  }
}

/** Of this thread. */
export const watcher = new Watcher();
