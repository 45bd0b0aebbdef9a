/** A recording as a source of events. */
import type { Sample } from '../../clock/timeline.js';
import { headerBytes, type Memory, padded } from '../memory.js';
import type { EventSource, Limits, SourceCounts, Waiting, Wake } from '../source.js';
import { TimedWait } from '../timed-wait.js';
import { anchorBytes, decodeAnchor } from './anchor.js';
import { blockKinds } from './block.js';
import { Pacer } from './pacer.js';
import type { Block, RecordingFile } from './recording-file.js';
import { type RecordingHeader, readEnd } from './recording-header.js';

/** Gives the records of a file in the batches in which they were recorded, or smaller ones. */
export class ReplaySource implements EventSource {
  readonly subject: string;
  readonly #file: RecordingFile;
  readonly #littleEndian: boolean;
  readonly #pacer: Pacer;
  readonly #wait = new TimedWait();
  #anchor: Sample;
  #block: Block | undefined;
  #at = 0;
  #given = 0;
  #counts: SourceCounts = {};
  #ended = false;

  constructor(file: RecordingFile, { anchor, littleEndian }: RecordingHeader, speed: number) {
    this.subject = `recording ${file.path}`;
    this.#file = file;
    this.#littleEndian = littleEndian;
    this.#pacer = new Pacer(anchor.monotonic, speed);
    this.#anchor = anchor;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** What the clocks showed when the last batch was recorded. */
  get anchor(): Sample {
    return this.#anchor;
  }

  fill(memory: Memory, limits: Limits): boolean {
    memory.clear();
    try {
      this.#block ??= this.#next();
      if (this.#block === undefined || this.#pacer.left(this.#anchor.monotonic) > 0) return false;
      this.#give(this.#block, memory, limits);
      return true;
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  wait(wake: Wake, _how: Waiting): void {
    this.#wait.start(wake, this.#pacer.left(this.#anchor.monotonic));
  }

  cancel(): void {
    this.#wait.cancel();
  }

  keepAlive(alive: boolean): void {
    this.#wait.keepAlive(alive);
  }

  counts(): SourceCounts {
    return { ...this.#counts, waiting: this.#file.left, size: this.#file.size };
  }

  closeSync(): void {
    if (this.#ended) return;
    this.#end();
    this.#wait.end();
  }

  #end(): void {
    this.#ended = true;
    this.#block = undefined;
    this.#file.close();
  }

  /** The next records; undefined at the end. */
  #next(): Block | undefined {
    const block = this.#file.next();
    if (block.kind === blockKinds.end) return this.#finish(block);
    if (block.kind !== blockKinds.records || block.body.length < anchorBytes || block.records === 0)
      throw this.#file.damage('it has a block that is none of records');
    this.#requireRecords(block);
    this.#anchor = decodeAnchor(block.body);
    this.#at = anchorBytes;
    return block;
  }

  #finish(block: Block): undefined {
    const { records, ...counts } = readEnd(this.#file, block);
    if (records !== this.#given)
      throw this.#file.damage(`it says that it has ${String(records)} records, and has ${this.#given}`);
    this.#counts = counts;
    this.#end();
  }

  /** The lengths of a block's records lead from one to the next, to its end. */
  #requireRecords(block: Block): void {
    let [at, count] = [anchorBytes, 0];
    for (; at + headerBytes <= block.body.length; count++) at = this.#endOf(block.body, at);
    if (at !== block.body.length || count !== block.records)
      throw this.#file.damage('the lengths of its records are not those of its blocks');
  }

  #give(block: Block, memory: Memory, { records, bytes }: Limits): void {
    const { body } = block;
    while (this.#at < body.length && memory.count < records) {
      const end = this.#endOf(body, this.#at);
      if (memory.count > 0 && memory.used + end - this.#at > bytes) break;
      const start = this.#at + headerBytes;
      memory.append(body.subarray(start, start + this.#word(body, this.#at)), this.#word(body, this.#at + 4));
      this.#at = end;
    }
    this.#given += memory.count;
    if (this.#at >= body.length) this.#block = undefined;
  }

  #endOf(body: Buffer, at: number): number {
    return at + headerBytes + padded(this.#word(body, at));
  }

  #word(body: Buffer, at: number): number {
    return this.#littleEndian ? body.readUInt32LE(at) : body.readUInt32BE(at);
  }
}
