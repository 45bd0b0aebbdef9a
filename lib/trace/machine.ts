/** What a script is compiled for: types and names of a kernel, as plain data or functions that give it. */
import type { Btf, UsdtProbe } from '../doors/btf.js';

/** A probe that a program's author put there, and where it is in the file. */
export interface UsdtTarget extends Pick<UsdtProbe, 'provider' | 'name' | 'arguments'> {
  readonly offset: bigint;
  /** Of the word that counts who traces it; 0 where there is none. */
  readonly semaphore: bigint;
}

/** A kernel, as far as the compiler asks. Only the types are needed; what is left out is not known. */
export interface TraceTarget {
  /** The kernel's types. */
  readonly btf?: Btf | undefined;
  /** The architecture, by Node's name: `x64`, `arm64`. */
  readonly arch?: string;
  /** The text of a tracepoint's `format` file; undefined where there is none. */
  readonly tracepointFormat?: (category: string, name: string) => string | undefined;
  /** Names of tracepoints, as `sched:sched_switch`. */
  readonly tracepoints?: () => readonly string[];
  /** The address of a symbol of the kernel's. */
  readonly kernelAddress?: (name: string) => bigint | undefined;
  /** The number of a cgroup, by its folder. */
  readonly cgroupId?: (path: string) => bigint | undefined;
  /** The namespace whose numbers of processes `pid` and `tid` are; undefined for the machine's first. */
  readonly pidNamespace?: { readonly device: bigint; readonly inode: bigint } | undefined;
  /** How many CPUs there may be. */
  readonly cpus?: number;
  /** Time since boot when the script starts, in nanoseconds; `elapsed` counts from it. */
  readonly startedAt?: bigint;
  /** The process that `-c` started. */
  readonly childPid?: number | undefined;
  /** Functions that change the machine, as `system`, are allowed. */
  readonly isUnsafeAllowed?: boolean;
  /** USDT probes of a binary; undefined where it cannot be read. */
  readonly usdt?: (binary: string) => readonly UsdtTarget[] | undefined;
  /** Files of a pattern; without one, those of the process that is traced. */
  readonly binaries?: (pattern: string) => readonly string[];
  /** Functions of a binary by name or pattern, and whether it is there at all. */
  readonly functions?: (binary: string, pattern: string) => readonly string[] | undefined;
}
