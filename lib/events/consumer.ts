/** Stands between a source and its readers: holds the batch that was read, lets one reader in, and one recording. */
import type { Codec } from '../codec/codec.js';
import { BpfError } from '../errors/bpf-error.js';
import { headerBytes, Memory, padded } from './memory.js';
import { recordings } from './parts.js';
import { type ReadOptions, requireReadOptions } from './read-options.js';
import { isReadable } from './readable.js';
import { Reader } from './reader.js';
import type { Recording } from './recording/recording.js';
import type { EventSource, Limits } from './source.js';

/** One batch at a time of one source. Readers come and go; what one leaves unread the next one gets. */
export class Consumer {
  readonly source: EventSource;
  readonly memory = new Memory();
  readonly #keeps: () => object | undefined;
  #reader: Pick<Reader<never>, 'closed' | 'failed' | 'paused' | 'closeSync'> | undefined;
  /** It sees each batch before its readers do. */
  #recording: Recording | undefined;
  /** What must not be collected while a reader is open, as the object whose records these are. */
  kept: object | undefined;
  #paused = false;
  #closed = false;
  #at = 0;
  #left = 0;
  #taken = 0;
  /** Records of the batch that a consumer has and has not come back from. */
  #held = 0;
  #abandoned = 0;
  #highWater = 0;

  /** @param keeps - what must not be collected while a reader is open */
  constructor(source: EventSource, keeps: () => object | undefined = () => undefined) {
    this.source = source;
    this.#keeps = keeps;
  }

  /** True once nothing will come any more. */
  get closed(): boolean {
    return this.#closed || this.source.ended;
  }

  /** While paused, nothing is taken from the source. */
  set paused(paused: boolean) {
    this.#paused = paused;
    if (this.#reader !== undefined) this.#reader.paused = paused;
  }

  /** @throws BpfError `ERR_BPF_BUSY` while another loop reads. */
  read<Item>(options: ReadOptions, take: () => Item): Reader<Item> {
    const { subject } = this.source;
    if (this.#reader?.closed === false && !this.#reader.failed)
      throw busy(`read ${subject}`, 'another loop is reading it', 'it has one reader; end that loop first');
    requireReadOptions(subject, options);
    this.#reader?.closeSync();
    const reader = new Reader(this, options, take);
    this.kept = this.#keeps();
    reader.paused = this.#paused;
    this.#reader = reader;
    return reader;
  }

  /** @throws BpfError `ERR_BPF_BUSY` during another recording. */
  record(path: string | URL, codec: Codec<unknown>): Recording {
    const { source } = this;
    const { subject } = source;
    if (this.#recording?.closed === false)
      throw busy(`record ${subject}`, 'another recording of it runs', 'close it first');
    const part = recordings.now(`record ${subject}`);
    const recording: Recording = new part.Recording(path, {
      subject,
      codec,
      counts: () => source.counts(),
      ended: () => this.#forget(recording),
    });
    this.#recording = recording;
    return recording;
  }

  /** Batches are copied only while a recording runs. */
  #forget(recording: Recording): void {
    if (this.#recording === recording) this.#recording = undefined;
  }

  closeSync(): void {
    this.#closed = true;
    this.#recording?.closeSync();
    this.source.closeSync();
    this.#reader?.closeSync();
  }

  /** Records of the batch that were not delivered. */
  get left(): number {
    return this.#left;
  }

  /** Records that readers have taken. */
  get taken(): number {
    return this.#taken;
  }

  /** Records that readers have had. */
  get delivered(): number {
    return this.#taken - this.#abandoned;
  }

  /** Records of batches that their consumer left its loop with. */
  get abandoned(): number {
    return this.#abandoned;
  }

  /** The most bytes that waited when a batch was read. */
  get highWater(): number {
    return this.#highWater;
  }

  /** Gets a batch if the last one is used up; false when there is nothing to read. */
  fill(limits: Limits): boolean {
    if (this.#left > 0) return true;
    if (this.source.ended) return false;
    this.#at = 0;
    if (!this.source.fill(this.memory, limits)) return false;
    this.#highWater = Math.max(this.#highWater, this.memory.waited);
    this.#left = this.memory.count;
    if (this.#recording !== undefined) this.#show(this.#recording);
    return true;
  }

  #show(recording: Recording): void {
    this.memory.load();
    recording.add(this.memory);
  }

  /** The next record of the batch. One that its type cannot read is passed over by throwing. */
  next<T>(codec: Codec<T>): T {
    this.memory.load();
    const start = this.#at + headerBytes;
    const end = start + (this.memory.words[this.#at / 4] ?? 0);
    this.#at = padded(end);
    this.#left--;
    this.#taken++;
    return codec.read(this.memory.view, start, end);
  }

  /** A reader has ended: its last batch stays as it is, and gives its place in the source free. */
  release(): void {
    if (this.#left === 0) this.memory.load();
    this.kept = undefined;
    this.source.release?.();
  }

  /** The consumer has read its batch, or asks for more: what it had was delivered. */
  settle(): void {
    this.#held = 0;
  }

  /** The consumer has its batch still. */
  hold(records: number): void {
    this.#held = records;
  }

  /** The consumer leaves its loop: a batch that it had was not delivered. */
  abandon(): void {
    this.#abandoned += this.#held;
    this.#held = 0;
  }

  /** True where the next record, of one at least, is one that a type can read. */
  canRead(codec: Codec<unknown>): boolean {
    this.memory.load();
    return isReadable(codec, this.memory, this.#at);
  }

  /** Takes back what begins at a place of the batch, for the next reader. */
  giveBack(at: number, count: number): void {
    this.#at = at;
    this.#left = count;
    this.#taken -= count;
  }

  /** Hands over all that is left of the batch: the place where it begins, and how many records it has. */
  take(): { readonly at: number; readonly count: number } {
    const taken = { at: this.#at, count: this.#left };
    this.#taken += this.#left;
    this.hold(this.#left);
    this.#left = 0;
    return taken;
  }
}

function busy(operation: string, reason: string, hint: string): BpfError {
  return new BpfError({ code: 'ERR_BPF_BUSY', operation, reason, hint });
}
