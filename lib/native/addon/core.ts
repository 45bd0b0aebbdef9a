/** Functions of native/core: what all concepts share. */
import type { Errno, Status } from './handles.js';

/** Calls that take less than a microsecond or so, or only look. */
export interface CoreCalls {
  libbpfVersion(): string;
  numPossibleCpus(): Status;
  /** Bytes. */
  pageSize(): number;
  /** Nanoseconds of a `clockid_t`. */
  clockGettime(clock: number): bigint | Errno;
  /** 0 once the descriptor has the file to itself; never waits. */
  fileLock(fd: number): Status;
}
