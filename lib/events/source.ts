/** Where events come from: what a ring buffer, perf buffers or a recording is to the readers above it. */
import type { Memory } from './memory.js';

/** How much one batch takes at most. */
export interface Limits {
  readonly records: number;
  /** Headers and padding included; one record that is longer comes alone. */
  readonly bytes: number;
}

/** What a source knows of its events; absent where it cannot know. */
export interface SourceCounts {
  /** Events that the producer tried to write, those that were lost included. */
  readonly produced?: number;
  /** Events that the producer could not write. */
  readonly dropped?: number;
  /** Events that the producer threw away itself. */
  readonly discarded?: number;
  /** Bytes that were written over before they were read, in overwrite mode. */
  readonly overwritten?: number;
  /** Bytes that wait to be read, headers included. */
  readonly waiting?: number;
  /** Bytes that there is room for. */
  readonly size?: number;
}

/** How to wait, in milliseconds. */
export interface Waiting {
  /** Look at least so often for records without a wake-up; 0: never. */
  readonly interval: number;
  /** Under load, leave records alone for so long at most, to read many at once; 0: never. */
  readonly delay: number;
}

/** Called once: there may be something to read, or the source ended, or waiting for it failed. */
export type Wake = (error?: Error) => void;

/** Gives records in batches, and tells when there are more. */
export interface EventSource {
  /** What messages call it: `ring buffer events`. */
  readonly subject: string;
  /** True once nothing will come any more: it was closed, or a recording is at its end. */
  readonly ended: boolean;
  /**
   * Empties the memory and packs into it what there is now, oldest first, or counts it and leaves a loader that
   * will; false when there is nothing.
   *
   * @throws BpfError when it cannot be read.
   */
  fill(memory: Memory, limits: Limits): boolean;
  /** True when what comes right after a batch is better waited for than fetched at once. */
  readonly rests?: boolean;
  /** Calls back when {@link fill} may find something. Only the last callback counts. */
  wait(wake: Wake, how: Waiting): void;
  /** Forgets the callback. */
  cancel(): void;
  /** Whether a wait keeps the process alive; true until it is said. */
  keepAlive(alive: boolean): void;
  counts(): SourceCounts;
  /** A reader has ended; a source that is for one reader alone ends with it. */
  release?(): void;
  /** Ends it: idempotent; a waiting callback is called. */
  closeSync(): void;
}
