/** Bytes that the kernel shares with this process: the memory of a map, until it is closed. */

import { argumentError } from '../../errors/arguments.js';
import { BpfError } from '../../errors/bpf-error.js';
import { failed } from '../../native/errno.js';
import { type Errno, type MapHandle, native } from '../../native/native.js';
import type { Child } from '../../native/owner.js';

/**
 * One mapping of a map. Closing detaches its buffer: typed arrays over it see no byte from then on, and the pages go
 * when nothing can reach them any more. Node does not let such a buffer be transferred to a worker.
 */
export class Memory implements Child {
  readonly #buffer: ArrayBuffer;
  /** As in messages: `section .bss of probe`. */
  readonly subject: string;
  readonly writable: boolean;
  /** What to do once it is closed. */
  readonly #hint: string;

  private constructor(buffer: ArrayBuffer, subject: string, writable: boolean, hint = 'map it again') {
    this.#buffer = buffer;
    this.subject = subject;
    this.writable = writable;
    this.#hint = hint;
  }

  /** Maps a `BPF_F_MMAPABLE` array (array_map_mmap() in kernel/bpf/arraymap.c); a negative errno where that fails. */
  static map(map: MapHandle, bytes: number, subject: string): Memory | Errno {
    return Memory.#of(native().mapMmap(map, bytes), subject);
  }

  /** Maps all of an arena. */
  static arena(map: MapHandle, subject: string): Memory | Errno {
    return Memory.#of(native().arenaMmap(map), subject);
  }

  static #of(buffer: ArrayBuffer | Errno, subject: string): Memory | Errno {
    return failed(buffer) ? buffer : new Memory(buffer, subject, true);
  }

  /** What a section is to begin with, until it is loaded. */
  static image(bytes: Uint8Array<ArrayBuffer>, subject: string): Memory {
    return new Memory(bytes.buffer, subject, true, 'once it is loaded, use the globals that load() gave');
  }

  /** A copy of a section that cannot change any more. */
  static constant(copy: Uint8Array<ArrayBuffer>, subject: string): Memory {
    return new Memory(copy.buffer, subject, false);
  }

  /** @internal */
  get buffer(): ArrayBuffer {
    return this.#buffer;
  }

  get closed(): boolean {
    return this.#buffer.byteLength === 0;
  }

  closeSync(): void {
    if (!this.closed) native().memoryRevoke(this.#buffer);
  }

  /** Why an element of it cannot be had. */
  failure(operation: string, index: number, count: number): BpfError {
    if (this.closed) {
      const reason = `${this.subject} is closed`;
      return new BpfError({ code: 'ERR_BPF_CLOSED', operation, reason, hint: this.#hint });
    }
    const reason = `there is no element ${index}, they are 0 to ${count - 1}`;
    return argumentError(operation, reason);
  }
}
