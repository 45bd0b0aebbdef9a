/** Functions of native/core: what all concepts share. */
import type { Status } from './handles.js';

/** Calls that take less than a microsecond or so, or only look. */
export interface CoreCalls {
  libbpfVersion(): string;
  numPossibleCpus(): number | Status;
  /** Bytes. */
  pageSize(): number;
  /** Nanoseconds of a `clockid_t`. */
  clockGettime(clock: number): bigint | Status;
  /** 0 once the descriptor has the file to itself; never waits. */
  fileLock(fd: number): Status;
}
