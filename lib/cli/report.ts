/** What `run` has to say, whatever the form. */

import type { SkippedProgram, TraceLine } from '../index.js';

/** Prints what happens, in the order of the calls. */
export interface Report {
  attached(programs: readonly string[], skipped: readonly SkippedProgram[]): void;
  record(ring: string, value: unknown): void;
  /** Of an iterator. */
  line(program: string, text: string): void;
  /** Of `bpf_printk()`. */
  printed(line: TraceLine): void;
  map(name: string, kind: string, entries: Iterable<readonly [key: unknown, value: unknown]>): void;
  globals(section: string, variables: object): void;
}
