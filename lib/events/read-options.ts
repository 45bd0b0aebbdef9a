/** What a reader may be told: its end, its batches, how it waits. */
import { argumentError, requireOptions, shown } from '../errors/arguments.js';

/** How to read events; everything has a default. */
export interface ReadOptions {
  /** Ends the loop: the iterator throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Records in a batch at most, which ends at 256 KiB too; a longer record comes alone. Default: 4096. */
  readonly batchSize?: number | undefined;
  /** Also looks so often, in milliseconds, for records that were written without a wake-up. Default: never. */
  readonly pollInterval?: number | undefined;
  /**
   * Under load, at thousands of records a second, the reader looks at the source by a timer, this many milliseconds
   * apart at most, instead of being woken for each record. 0: never. Default: 4.
   */
  readonly delay?: number | undefined;
}

/** How to listen. */
export interface ListenOptions {
  /** Ends the listening. */
  readonly signal?: AbortSignal | undefined;
}

const names = ['signal', 'batchSize', 'pollInterval', 'delay'];

/**
 * @param others - names of options that are no matter of the loop
 * @throws BpfError `ERR_BPF_ARGUMENT` for an unknown option, or one that cannot be
 */
export function requireReadOptions(
  subject: string,
  options: ReadOptions,
  others: readonly string[] = [],
): void {
  const operation = `read ${subject}`;
  requireOptions(operation, options, [...others, ...names]);
  const { batchSize = 1, pollInterval = 0, delay = 0 } = options;
  if (!(Number.isInteger(batchSize) && batchSize > 0))
    throw argumentError(operation, `batchSize is a whole number from 1 on, not ${shown(batchSize)}`);
  for (const [name, value] of Object.entries({ pollInterval, delay }))
    if (!(Number.isFinite(value) && value >= 0))
      throw argumentError(operation, `${name} is a number of milliseconds, not ${shown(value)}`);
}
