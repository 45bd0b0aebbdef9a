/** Writing events to a file while they are read. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { littleEndian } from '../../btf/index.js';
import type { Codec } from '../../codec/codec.js';
import { BpfError } from '../../errors/bpf-error.js';
import { Resource } from '../../native/closable.js';
import type { Flow } from '../../native/flow.js';
import type { Memory } from '../memory.js';
import type { SourceCounts } from '../source.js';
import { anchorNow, encodeAnchor } from './anchor.js';
import { encodeBlock, formVersion, signature } from './block.js';
import { recordTypeOf } from './record-type.js';

/** What is recorded. */
interface Recorded {
  /** As `ring buffer events`. */
  readonly subject: string;
  readonly codec: Codec<unknown>;
  /** What is known at the end of what was not recorded. */
  readonly counts: () => SourceCounts;
  /** Called at the end, which a file that cannot be written brings too. */
  readonly ended: () => void;
}

/**
 * A file that gets all events that readers of a stream take, until it is closed or the stream ends. A file that
 * cannot be written ends the recording, and the loop throws.
 *
 * @example
 * ```ts
 * using recording = bpf.maps.events.record('events.bpfrec');
 * for await (const event of bpf.maps.events) if (event.comm === 'sh') break;
 * console.log(recording.records);
 * ```
 */
export class Recording extends Resource {
  readonly path: string;
  readonly #recorded: Recorded;
  readonly #fd: number;
  #records = 0;
  #failed = false;

  /** @internal Made by `record()` of a stream. */
  constructor(path: string | URL, recorded: Recorded) {
    super();
    this.path = path instanceof URL ? fileURLToPath(path) : path;
    this.#recorded = recorded;
    this.#fd = this.#trying(() => openSync(this.path, 'w'));
    this.#write(signature);
    this.#write(encodeBlock('header', 0, json(headerOf(recorded))));
  }

  /** Events in it. */
  get records(): number {
    return this.#records;
  }

  /** True once it is closed, or could not be written. */
  override get closed(): boolean {
    return super.closed || this.#failed;
  }

  /** @internal */
  add(memory: Memory): void {
    if (this.closed) return;
    const body = Buffer.concat([encodeAnchor(anchorNow()), memory.bytes.subarray(0, memory.used)]);
    this.#write(encodeBlock('records', memory.count, body));
    this.#records += memory.count;
  }

  /** @internal */
  protected get subject(): string {
    return `recording ${this.path}`;
  }

  /** @internal */
  // biome-ignore lint/correctness/useYield: what is written is in the file's cache, and does not wait
  protected *end(): Flow<void> {
    if (this.#failed) return;
    const { produced, dropped } = this.#recorded.counts();
    this.#write(encodeBlock('end', 0, json({ records: this.#records, produced, dropped })));
    this.#endFile();
  }

  #write(bytes: Uint8Array): void {
    this.#trying(() => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
    });
  }

  /** What was written before a failure can be replayed up to there. */
  #trying<T>(action: () => T): T {
    try {
      return action();
    } catch (cause) {
      this.#failed = true;
      if (this.#fd !== undefined) this.#endFile();
      const { code = 'EIO', errno } = cause as NodeJS.ErrnoException;
      const operation = `record ${this.#recorded.subject} to ${this.path}`;
      throw new BpfError({ code, errno, operation, reason: 'the file cannot be written', cause });
    }
  }

  #endFile(): void {
    this.#recorded.ended();
    closeSync(this.#fd);
  }
}

function headerOf({ subject, codec }: Recorded): object {
  const anchor = encodeAnchor(anchorNow()).toString('base64');
  return { version: formVersion, subject, type: recordTypeOf(codec), littleEndian, anchor };
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
