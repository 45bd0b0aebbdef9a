/** Functions of native/core: what all concepts share. */
import type { Errno, LogListenerHandle, Status } from './handles.js';

/** Calls that take less than a microsecond or so, or only look. */
export interface CoreCalls {
  libbpfVersion(): string;
  numPossibleCpus(): Status;
  /** Bytes. */
  pageSize(): number;
  /** Nanoseconds of a `clockid_t`. */
  clockGettime(clock: number): bigint | Errno;
  /**
   * Keeps libbpf's messages from any thread of the process, up to a level (0 to 2: warn, info, debug), and calls
   * `wake` when there is something to take.
   */
  logListen(wake: () => void, most: number): LogListenerHandle | Errno;
  /** What was kept: level, text, and how many messages before it found no room. */
  logTake(listener: LogListenerHandle): [level: number, text: string, lost: number][] | Errno;
  logUnlisten(listener: LogListenerHandle): Status;
  /** 0 once the descriptor has the file to itself; never waits. */
  fileLock(fd: number): Status;
}
