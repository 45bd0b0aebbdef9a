/** One batch of a ring buffer at a time: drained natively into reused memory, decoded record by record. */
import type { Codec } from './codec/codec.js';
import { check, errnoError } from './errno.js';
import type { MapHandle, NativeApi, RingBufferHandle, Status } from './native.js';

/** Records in a batch at most: small enough that a loop lets others run, large enough that crossing is cheap. */
const batchRecords = 512;
const firstBytes = 64 * 1024;
/** Length and padding in front of each packed record. */
const headerBytes = 8;
const EMSGSIZE = 90;

/** Reads one ring buffer. A record longer than the memory makes it grow, up to the ring's own size. */
export class RingCursor<T> {
  readonly #native: NativeApi;
  readonly #handle: RingBufferHandle;
  readonly #operation: string;
  readonly #value: Codec<T>;
  #bytes: Uint8Array;
  #view: DataView;
  #at = 0;
  #left = 0;
  #closed = false;
  #wake: ((status: Status) => void) | undefined;
  #waiting: Promise<void> | undefined;

  constructor(map: MapHandle, name: string, ringBytes: number, value: Codec<T>, native: NativeApi) {
    this.#native = native;
    this.#operation = `read ring buffer ${name}`;
    this.#value = value;
    this.#bytes = new Uint8Array(Math.min(firstBytes, ringBytes));
    this.#view = new DataView(this.#bytes.buffer);
    const handle = native.ringBufferOpen(map, status => this.#wakeUp(status));
    if (typeof handle === 'number') throw errnoError(handle, this.#operation);
    this.#handle = handle;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Records that {@link next} can give. */
  get left(): number {
    return this.#left;
  }

  /** Bytes that wait in the kernel. */
  get available(): number {
    return check(this.#native.ringBufferAvailable(this.#handle), this.#operation);
  }

  /** Gets a batch if the last one is used up; false when there is nothing to read. */
  fill(): boolean {
    if (this.#left > 0) return true;
    if (this.#closed) return false;
    this.#at = 0;
    const count = this.#native.ringBufferDrain(this.#handle, this.#bytes, batchRecords);
    if (count === -EMSGSIZE) return this.#grow();
    this.#left = check(count, this.#operation);
    return count > 0;
  }

  /** The next record of the batch. A record that its type cannot read is passed over by throwing. */
  next(): T {
    const length = this.#view.getUint32(this.#at, true);
    const start = this.#at + headerBytes;
    this.#at = start + ((length + 7) & ~7);
    this.#left--;
    return this.#value.read(this.#view, start, start + length);
  }

  /** Resolves when there may be something to read, or when it closes. Meanwhile the process stays alive. */
  readable(): Promise<void> {
    this.#waiting ??= new Promise((resolve, reject) => {
      this.#wake = status => (status < 0 ? reject(errnoError(status, this.#operation)) : resolve());
      const status = this.#native.ringBufferArm(this.#handle);
      if (status < 0) this.#wakeUp(status);
    });
    return this.#waiting;
  }

  /** Ends a wait of {@link readable}, if there is one. */
  interrupt(): void {
    if (this.#wake === undefined) return;
    this.#native.ringBufferDisarm(this.#handle);
    this.#wakeUp(0);
  }

  closeSync(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.interrupt();
    this.#native.ringBufferClose(this.#handle);
  }

  #wakeUp(status: Status): void {
    const wake = this.#wake;
    this.#wake = undefined;
    this.#waiting = undefined;
    wake?.(status);
  }

  #grow(): boolean {
    this.#bytes = new Uint8Array(this.#bytes.length * 2);
    this.#view = new DataView(this.#bytes.buffer);
    return this.fill();
  }
}
