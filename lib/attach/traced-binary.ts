/** Files whose functions and probes are traced, as options name them. */

/** In which processes a probe counts, and where its file is. */
export interface TracedBinary {
  /** A path; without a slash it is looked for on PATH and where libraries are. */
  readonly binary: string;
  /** Only this process; all by default. */
  readonly pid?: number;
  /** Look for the file as this process sees it: in its mount namespace. */
  readonly rootOf?: number;
}

/** The process id that means all, as perf_event_open(2) has it. */
export const everyProcess = -1;

/** Where a file is, seen from another mount namespace. */
export function pathIn(rootOf: number | undefined, binary: string): string {
  return rootOf === undefined ? binary : `/proc/${rootOf}/root${binary.startsWith('/') ? '' : '/'}${binary}`;
}
