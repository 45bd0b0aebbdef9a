/** Events that a test pushes, as a source. */
import { headerBytes, type Memory, padded } from '../events/memory.js';
import type { EventSource, Limits, SourceCounts, Waiting, Wake } from '../events/source.js';

/** A ring in memory: what finds no room is lost, and counted. */
export class PushedSource implements EventSource {
  readonly subject: string;
  readonly #size: number;
  #records: Uint8Array[] = [];
  #waiting = 0;
  #produced = 0;
  #dropped = 0;
  #ended = false;
  #wake: Wake | undefined;

  /** @param size - bytes that there is room for, headers included */
  constructor(subject: string, size: number) {
    this.subject = subject;
    this.#size = size;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Adds a record; false when it was lost. */
  push(record: Uint8Array): boolean {
    this.#produced++;
    const room = roomOf(record);
    if (this.#ended || this.#waiting + room > this.#size) {
      this.#dropped++;
      return false;
    }
    this.#records.push(record);
    this.#waiting += room;
    this.#wakeUp();
    return true;
  }

  fill(memory: Memory, { records, bytes }: Limits): boolean {
    memory.clear();
    memory.waited = this.#waiting;
    for (const record of this.#records) {
      const isFull = memory.count > 0 && memory.used + roomOf(record) > bytes;
      if (memory.count === records || isFull) break;
      memory.append(record);
    }
    this.#records.splice(0, memory.count);
    this.#waiting -= memory.used;
    return memory.count > 0;
  }

  wait(wake: Wake, _how: Waiting): void {
    this.#wake = wake;
  }

  cancel(): void {
    this.#wake = undefined;
  }

  /** Nothing but the test can wake it: there is nothing to keep alive. */
  keepAlive(): void {}

  counts(): SourceCounts {
    return {
      produced: this.#produced,
      dropped: this.#dropped,
      waiting: this.#waiting,
      size: this.#size,
    };
  }

  closeSync(): void {
    this.#ended = true;
    this.#wakeUp();
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

function roomOf(record: Uint8Array): number {
  return headerBytes + padded(record.length);
}
