/** What an attacher gets: the program, its section, and the answer it owes. */
import type { Flow } from '../native/flow.js';
import type { LinkHandle, Outcome, ProgramHandle } from '../native/native.js';

/** What is done at a hook, for its errors. */
export interface Subject {
  /** As `attach drop`. */
  readonly operation: string;
  readonly section: string;
}

/** One program about to be attached. */
export interface Site extends Subject {
  readonly program: ProgramHandle;
  /** What stands behind the section's slash. */
  readonly target: string | undefined;
}

/** Attaches once. Kinds that need several links, as perf events on all CPUs, do so several times. */
export type Attacher<Options> = (site: Site, options: Options) => Flow<readonly Outcome<LinkHandle>[]>;

/** Addresses, cookies and flags cross as 64-bit lists. */
export function wideList(values: readonly (number | bigint)[] = []): BigUint64Array {
  return BigUint64Array.from(values, BigInt);
}
