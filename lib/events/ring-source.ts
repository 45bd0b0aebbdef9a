/** A kernel ring buffer as a source: drained natively, a batch at a time, and watched while somebody waits. */
import { check, errnoError } from '../errno.js';
import type { MapHandle, NativeApi, RingBufferHandle, Status } from '../native.js';
import type { Memory } from './memory.js';
import type { EventSource, Limits, SourceCounts, Wake } from './source.js';

const EMSGSIZE = 90;

/** Reads one ring buffer. */
export class RingSource implements EventSource {
  readonly subject: string;
  readonly #native: NativeApi;
  readonly #handle: RingBufferHandle;
  readonly #size: number;
  #ended = false;
  #wake: Wake | undefined;

  constructor(map: MapHandle, name: string, size: number, native: NativeApi) {
    this.subject = `ring buffer ${name}`;
    this.#native = native;
    this.#size = size;
    const handle = native.ringBufferOpen(map, status => this.#wakeUp(status));
    if (typeof handle === 'number') throw errnoError(handle, this.#operation);
    this.#handle = handle;
  }

  get ended(): boolean {
    return this.#ended;
  }

  fill(memory: Memory, limits: Limits): boolean {
    memory.clear();
    const count = this.#native.ringBufferDrain(this.#handle, memory.bytes, limits.records);
    if (count === -EMSGSIZE) {
      memory.reserve(memory.bytes.length * 2);
      return this.fill(memory, limits);
    }
    memory.count = check(count, this.#operation);
    return count > 0;
  }

  wait(wake: Wake): void {
    this.#wake = wake;
    const status = this.#native.ringBufferArm(this.#handle);
    if (status < 0) this.#wakeUp(status);
  }

  cancel(): void {
    if (this.#wake === undefined) return;
    this.#wake = undefined;
    this.#native.ringBufferDisarm(this.#handle);
  }

  keepAlive(): void {}

  counts(): SourceCounts {
    if (this.#ended) return { size: this.#size };
    const waiting = check(this.#native.ringBufferAvailable(this.#handle), this.#operation);
    return { waiting, size: this.#size };
  }

  closeSync(): void {
    if (this.#ended) return;
    this.#ended = true;
    const wake = this.#wake;
    this.cancel();
    this.#native.ringBufferClose(this.#handle);
    wake?.();
  }

  get #operation(): string {
    return `read ${this.subject}`;
  }

  #wakeUp(status: Status): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.(status < 0 ? errnoError(status, this.#operation) : undefined);
  }
}
