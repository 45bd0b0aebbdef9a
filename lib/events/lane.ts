/** What all readings of one source share, whatever their type: its one reader, and its one recording. */
import type { Codec } from '../codec/codec.js';
import { BpfError } from '../errors/bpf-error.js';
import { Intake } from './intake.js';
import type { Memory } from './memory.js';
import type { ReadOptions } from './read-options.js';
import { Reader } from './reader.js';
import { Recording } from './recording/recording.js';
import type { EventSource } from './source.js';

/** One source in use. */
export class Lane {
  readonly intake: Intake;
  #reader: Pick<Reader<never>, 'closed' | 'failed' | 'paused' | 'closeSync'> | undefined;
  #recording: Recording | undefined;
  readonly #keeps: () => object | undefined;
  #paused = false;
  #closed = false;

  /** @param keeps - what must not be collected while a reader is open */
  constructor(source: EventSource, keeps: () => object | undefined = () => undefined) {
    this.intake = new Intake(source);
    this.#keeps = keeps;
  }

  /** True once nothing will come any more. */
  get closed(): boolean {
    return this.#closed || this.intake.source.ended;
  }

  /** While paused, nothing is taken from the source. */
  set paused(paused: boolean) {
    this.#paused = paused;
    if (this.#reader !== undefined) this.#reader.paused = paused;
  }

  /** @throws BpfError `ERR_BPF_BUSY` while another loop reads. */
  read<Item>(options: ReadOptions, take: () => Item): Reader<Item> {
    const { subject } = this.intake.source;
    if (this.#reader?.closed === false && !this.#reader.failed)
      throw busy(`read ${subject}`, 'another loop is reading it', 'it has one reader; end that loop first');
    this.#reader?.closeSync();
    const reader = new Reader(this.intake, options, take);
    this.intake.kept = this.#keeps();
    reader.paused = this.#paused;
    this.#reader = reader;
    return reader;
  }

  /** @throws BpfError `ERR_BPF_BUSY` during another recording. */
  record(path: string | URL, codec: Codec<unknown>): Recording {
    const { source } = this.intake;
    const { subject } = source;
    if (this.#recording?.closed === false)
      throw busy(`record ${subject}`, 'another recording of it runs', 'close it first');
    const counts = () => source.counts();
    const recording: Recording = new Recording(path, {
      subject,
      codec,
      counts,
      ended: () => this.#untap(tap),
    });
    const tap = (memory: Memory) => recording.add(memory);
    this.intake.tap = tap;
    this.#recording = recording;
    return recording;
  }

  /** Batches are copied only while a recording runs. */
  #untap(tap: (memory: Memory) => void): void {
    if (this.intake.tap === tap) this.intake.tap = undefined;
  }

  closeSync(): void {
    this.#closed = true;
    this.#recording?.close();
    this.intake.source.closeSync();
    this.#reader?.closeSync();
  }
}

function busy(operation: string, reason: string, hint: string): BpfError {
  return new BpfError({ code: 'ERR_BPF_BUSY', operation, reason, hint });
}
