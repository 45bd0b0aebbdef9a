/**
 * What an iterator writes as a source of events: read off the main thread, a piece ahead, when a reader waits for it.
 */
import { close, read } from 'node:fs';
import { BpfError } from '../errors/bpf-error.js';
import type { Memory } from '../events/memory.js';
import type { EventSource, Limits, SourceCounts, Waiting, Wake } from '../events/source.js';

/** Where the first record of the bytes ends and the next begins; undefined while it is not whole. */
export type Split = (bytes: Buffer) => { readonly end: number; readonly next: number } | undefined;

/** Lines, without their ends. */
export const byLine: Split = bytes => {
  const end = bytes.indexOf('\n');
  return end < 0 ? undefined : { end, next: end + 1 };
};

/** Records of one size, as `bpf_seq_write()` wrote them. */
export function bySize(size: number): Split {
  return bytes => (bytes.length < size ? undefined : { end: size, next: size });
}

const pieceBytes = 64 * 1024;

/** One reading of an iterator, from the start to the end. */
export class IterSource implements EventSource {
  readonly subject: string;
  readonly #fd: number;
  readonly #split: Split;
  #rest: Buffer = Buffer.alloc(0);
  #reading = false;
  #atEnd = false;
  #closed = false;
  #wake: Wake | undefined;

  constructor(subject: string, fd: number, split: Split) {
    this.subject = subject;
    this.#fd = fd;
    this.#split = split;
  }

  get ended(): boolean {
    return this.#closed && this.#rest.length === 0;
  }

  fill(memory: Memory, { records, bytes }: Limits): boolean {
    memory.clear();
    memory.waited = this.#rest.length;
    while (memory.count < records && (memory.count === 0 || memory.used < bytes) && this.#give(memory));
    return memory.count > 0;
  }

  wait(wake: Wake, _how: Waiting): void {
    this.#wake = wake;
    if (!this.#reading) this.#read();
  }

  cancel(): void {
    this.#wake = undefined;
  }

  /** A reading ends by itself: there is nothing to keep alive for longer. */
  keepAlive(): void {}

  counts(): SourceCounts {
    return { waiting: this.#rest.length };
  }

  release(): void {
    this.closeSync();
  }

  closeSync(): void {
    this.#rest = Buffer.alloc(0);
    this.#end();
    this.#wakeUp();
  }

  /** What is left at the end is a record too: the last line, or one that its type finds too short. */
  #give(memory: Memory): boolean {
    const length = this.#rest.length;
    const found =
      this.#split(this.#rest) ?? (this.#atEnd && length > 0 ? { end: length, next: length } : undefined);
    if (found === undefined) return false;
    memory.append(this.#rest.subarray(0, found.end));
    this.#rest = this.#rest.subarray(found.next);
    return true;
  }

  #read(): void {
    this.#reading = true;
    const piece = Buffer.allocUnsafe(pieceBytes);
    read(this.#fd, piece, 0, pieceBytes, null, (error, length) => {
      this.#reading = false;
      if (this.#closed) return close(this.#fd);
      // A million objects without output end a read with EAGAIN, and the next goes on from there (bpf_seq_read() in
      // kernel/bpf/bpf_iter.c).
      if (error?.code === 'EAGAIN') return this.#read();
      if (error === null && length > 0) this.#rest = Buffer.concat([this.#rest, piece.subarray(0, length)]);
      else this.#finish();
      this.#wakeUp(error === null ? undefined : this.#failure(error));
    });
  }

  #finish(): void {
    this.#atEnd = true;
    this.#end();
  }

  /** A descriptor that is being read is closed when that is over: its number could be that of another file by then. */
  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#reading) close(this.#fd);
  }

  #wakeUp(error?: Error): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.(error);
  }

  #failure(cause: NodeJS.ErrnoException): BpfError {
    const { code = 'EIO', errno } = cause;
    const reason = 'the iterator cannot go on';
    return new BpfError({ code, errno, operation: `read ${this.subject}`, reason, cause });
  }
}
