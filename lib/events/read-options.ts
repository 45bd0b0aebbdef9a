/** What a reader may be told: its end, its batches, its turns, how it waits. */

/** How to read events; everything has a default. */
export interface ReadOptions {
  /** Ends the loop: the iterator throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Records in a batch at most. Default: 4096. */
  readonly records?: number | undefined;
  /** Bytes of a batch at most, headers and padding included; a longer record comes alone. Default: 256 KiB. */
  readonly bytes?: number | undefined;
  /** After so long, in milliseconds, timers and sockets have their turn. Default, and most: 4. */
  readonly milliseconds?: number | undefined;
  /**
   * Under load, at thousands of records a second, the reader looks at the source by a timer, this many milliseconds
   * apart at most, instead of being woken for each record. 0: never. Default: 4.
   */
  readonly delay?: number | undefined;
  /** Also looks so often, in milliseconds, for records that were written without a wake-up. Default: never. */
  readonly interval?: number | undefined;
}
