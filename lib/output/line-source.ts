/** Text as a source of events: what can be read now, line by line. */
import type { Memory } from '../events/memory.js';
import type { EventSource, Limits, SourceCounts, Waiting, Wake } from '../events/source.js';
import { TimedWait } from '../events/timed-wait.js';

/** Where text comes from. */
export interface TextInput {
  readonly subject: string;
  /** Fills the bytes with what is there now; 0 where that is nothing, negative at the end. */
  read(bytes: Uint8Array): number;
  /** Whether a line is one of those that were asked for. */
  wants(line: string): boolean;
  counts(): SourceCounts;
  close(): void;
}

/**
 * How often text is looked for by default, in milliseconds: streams cannot be polled (bpf_prog_stream_read() in
 * kernel/bpf/stream.c).
 */
const usualInterval = 100;
const newline = 10;

/** Reads text by looking for it while a reader waits. */
export class LineSource implements EventSource {
  readonly #input: TextInput;
  readonly #bytes = new Uint8Array(16_384);
  #rest: Buffer = Buffer.alloc(0);
  #ended = false;
  readonly #wait = new TimedWait();

  constructor(input: TextInput) {
    this.#input = input;
  }

  get subject(): string {
    return this.#input.subject;
  }

  get ended(): boolean {
    return this.#ended;
  }

  fill(memory: Memory, limits: Limits): boolean {
    memory.clear();
    while (memory.count < limits.records && memory.used < limits.bytes) {
      const length = this.#input.read(this.#bytes);
      if (length > 0) this.#split(memory, Buffer.from(this.#bytes.subarray(0, length)));
      else if (length < 0) this.#ended = true;
      if (length <= 0) break;
    }
    // Text without a line's end by now is a line too.
    if (memory.count === 0 && this.#rest.length > 0) this.#give(memory, this.#takeRest());
    return memory.count > 0;
  }

  wait(wake: Wake, { interval }: Waiting): void {
    this.#wait.start(wake, interval || usualInterval);
  }

  cancel(): void {
    this.#wait.cancel();
  }

  keepAlive(alive: boolean): void {
    this.#wait.keepAlive(alive);
  }

  counts(): SourceCounts {
    return this.#input.counts();
  }

  closeSync(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#input.close();
    this.#wait.end();
  }

  #split(memory: Memory, text: Buffer): void {
    let all = Buffer.concat([this.#takeRest(), text]);
    for (let end = all.indexOf(newline); end >= 0; end = all.indexOf(newline)) {
      this.#give(memory, all.subarray(0, end));
      all = all.subarray(end + 1);
    }
    this.#rest = all;
  }

  #give(memory: Memory, line: Buffer): void {
    if (this.#input.wants(line.toString())) memory.append(line);
  }

  #takeRest(): Buffer {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest;
  }
}
