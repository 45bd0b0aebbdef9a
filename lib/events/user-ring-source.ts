/** A user ring buffer natively, and the reservations that wait for room in it: first come, first served. */

import { constants } from 'node:os';
import { BpfError } from '../errors/bpf-error.js';
import { check, errnoError, errnoName, failed } from '../native/errno.js';
import type { MapHandle, NativeApi, Status, UserRingBufferHandle } from '../native/native.js';
import { FdPoll } from './fd-poll.js';

const { ENOSPC } = constants.errno;

/** How to wait for room. */
export interface ReserveOptions {
  /** Ends the wait at once: the promise is rejected with the signal's reason. `AbortSignal.timeout(100)` is one. */
  readonly signal?: AbortSignal | undefined;
  /** Also looks so often, in milliseconds, for programs that drain with `BPF_RB_NO_WAKEUP`. Default: never. */
  readonly pollInterval?: number | undefined;
}

/** A reservation that waits for room for one record. */
interface Waiter {
  readonly size: number;
  readonly interval: number;
  readonly resolve: (reservation: number) => void;
  readonly reject: (error: unknown) => void;
}

/** Reserves by number. */
export class UserRing {
  readonly #native: NativeApi;
  readonly #handle: UserRingBufferHandle;
  readonly #poll: FdPoll;
  readonly #name: string;
  readonly #size: number;
  #waiters: Waiter[] = [];
  #closed = false;

  constructor(map: MapHandle, name: string, size: number, native: NativeApi) {
    this.#native = native;
    this.#name = name;
    this.#size = size;
    const handle = native.userRingBufferOpen(map);
    if (failed(handle)) throw errnoError(handle, `write user ring buffer ${name}`);
    this.#handle = handle;
    const fd = check(native.userRingBufferFd(handle), `write user ring buffer ${name}`);
    this.#poll = new FdPoll(fd, `user ring buffer ${name}`, { once: true });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * The number of a reservation.
   *
   * @throws BpfError `ENOSPC` where there is no room now, `E2BIG` where there never is (user_ring_buffer__reserve()
   * in ringbuf.c).
   */
  reserve(size: number): number {
    const status = this.#waiters.length > 0 ? -ENOSPC : this.#reserve(size);
    if (status > 0) return status;
    throw this.#failure(status, size);
  }

  /** {@link reserve}, as soon as there is room. */
  reserveBlocking(size: number, { signal, pollInterval: interval = 0 }: ReserveOptions): Promise<number> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) throw signal.reason;
      const waiter = { size, interval, resolve, reject };
      const onAbort = () => this.#abandon(waiter, signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      const settled =
        <Value>(settle: (value: Value) => void) =>
        (value: Value) => {
          signal?.removeEventListener('abort', onAbort);
          settle(value);
        };
      this.#waiters.push(Object.assign(waiter, { resolve: settled(resolve), reject: settled(reject) }));
      if (this.#waiters.length === 1) this.#serve();
    });
  }

  submit(reservation: number, bytes: Uint8Array): void {
    const operation = `submit to user ring buffer ${this.#name}`;
    check(this.#native.userRingBufferSubmit(this.#handle, reservation, bytes), operation);
  }

  discard(reservation: number): void {
    this.#native.userRingBufferDiscard(this.#handle, reservation);
  }

  keepAlive(alive: boolean): void {
    this.#poll.keepAlive(alive);
  }

  /** Discards what is reserved, and rejects reservations that wait. */
  closeSync(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#poll.close();
    this.#native.userRingBufferClose(this.#handle);
    for (const { reject } of this.#waiters.splice(0)) reject(this.#ended());
  }

  #reserve(size: number): Status {
    return this.#native.userRingBufferReserve(this.#handle, size);
  }

  /** Gives room to waiting reservations, in their order, until there is none. */
  #serve(): void {
    for (let first = this.#waiters[0]; first !== undefined; first = this.#waiters[0]) {
      const status = this.#reserve(first.size);
      if (status === -ENOSPC) {
        this.#poll.wait(() => this.#serve(), { interval: first.interval, delay: 0 });
        return;
      }
      this.#waiters.shift();
      if (status > 0) first.resolve(status);
      else first.reject(this.#failure(status, first.size));
    }
  }

  #abandon(waiter: Waiter, reason: unknown): void {
    const wasFirst = this.#waiters[0] === waiter;
    this.#waiters = this.#waiters.filter(other => other !== waiter);
    waiter.reject(reason);
    if (!wasFirst) return;
    this.#poll.cancel();
    this.#serve();
  }

  #failure(status: Status, size: number): BpfError {
    const operation = `reserve ${size} bytes in user ring buffer ${this.#name}`;
    if (errnoName(status) === 'E2BIG')
      return errnoError(status, operation, {
        reason: `it has room for ${this.#size} bytes, headers included`,
      });
    if (status !== -ENOSPC) return errnoError(status, operation);
    const hint = 'reserveBlocking() waits until a program has drained some';
    return errnoError(status, operation, { reason: 'it is full', hint });
  }

  #ended(): BpfError {
    const operation = `reserve in user ring buffer ${this.#name}`;
    const reason = 'it was closed meanwhile';
    return new BpfError({ code: 'ERR_BPF_CLOSED', operation, reason });
  }
}
