/** A recording, read block by block. What is no recording, or a damaged one, is an error that says where. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { BpfError } from '../../errors/bpf-error.js';
import { type BlockHeader, blockHeaderBytes, decodeBlockHeader, isIntact, signature } from './block.js';

/** One block. */
export interface Block extends BlockHeader {
  readonly body: Buffer;
}

/** An open file; nothing in it is trusted. */
export class RecordingFile {
  readonly path: string;
  readonly #fd: number;
  readonly size: number;
  #at = 0;
  #closed = false;

  /** @throws BpfError with the errno's name where it cannot be opened, `ERR_BPF_RECORDING` where it is none. */
  constructor(path: string) {
    this.path = path;
    this.#fd = this.#trying(() => openSync(path, 'r'));
    try {
      this.size = this.#trying(() => fstatSync(this.#fd).size);
      this.#requireSignature();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Bytes that were not read yet. */
  get left(): number {
    return this.#closed ? 0 : this.size - this.#at;
  }

  /** The next block. @throws BpfError `ERR_BPF_RECORDING` where the file ends before it, or it is damaged. */
  next(): Block {
    const at = this.#at;
    if (this.left < blockHeaderBytes) throw this.#cutOff();
    const front = this.#take(blockHeaderBytes);
    const header = decodeBlockHeader(front);
    if (header.bytes > this.left) throw this.#cutOff();
    const body = this.#take(header.bytes);
    if (!isIntact(front, body)) throw this.damage(`what is at byte ${at} was changed`);
    return { ...header, body };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
  }

  damage(reason: string, hint?: string): BpfError {
    return new BpfError({ code: 'ERR_BPF_RECORDING', operation: `replay ${this.path}`, reason, hint });
  }

  #requireSignature(): void {
    const found = this.#take(Math.min(signature.length, this.size));
    if (!found.equals(signature)) throw this.damage('it is no recording', 'record() of a stream writes one');
  }

  #cutOff(): BpfError {
    const hint = 'was the recording closed? what came before is whole';
    return this.damage(`the file ends at byte ${this.size}, in the middle`, hint);
  }

  #take(bytes: number): Buffer {
    const taken = Buffer.alloc(bytes);
    for (let got = 0; got < bytes; ) {
      const length = this.#trying(() => readSync(this.#fd, taken, got, bytes - got, this.#at + got));
      if (length === 0) throw this.#cutOff();
      got += length;
    }
    this.#at += bytes;
    return taken;
  }

  #trying<T>(action: () => T): T {
    try {
      return action();
    } catch (cause) {
      const { code = 'EIO', errno } = cause as NodeJS.ErrnoException;
      const operation = `replay ${this.path}`;
      throw new BpfError({ code, errno, operation, reason: 'the file cannot be read', cause });
    }
  }
}
