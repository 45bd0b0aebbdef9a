/** The file of a program or library that probes are put on. */
import { readFileSync } from 'node:fs';

/** Where a tool's functions are, as `attach()` takes it. */
export interface ProbedFile {
  readonly binary: string;
  readonly pid?: number;
}

/**
 * What was typed; else, of a process, the file that it has mapped, as it sees it; else the library of this machine.
 *
 * @param pid - 0 for all processes
 * @param pattern - of the file's name
 */
export function probedFile(
  typed: string | undefined,
  pid: number,
  pattern: RegExp,
  library: string,
): ProbedFile {
  const of = pid === 0 ? {} : { pid };
  if (typed !== undefined) return { binary: typed, ...of };
  return { binary: (pid === 0 ? undefined : mappedFile(pid, pattern)) ?? library, ...of };
}

/** proc_pid_maps(5): the path is the sixth word. */
export function mappedFile(pid: number, pattern: RegExp): string | undefined {
  const paths = mapsOf(pid)
    .split('\n')
    .map(line => /^(?:\S+\s+){5}(\/.*)$/.exec(line)?.[1] ?? '');
  const path = paths.find(file => pattern.test(file.slice(file.lastIndexOf('/') + 1)));
  return path === undefined ? undefined : `/proc/${pid}/root${path}`;
}

function mapsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'utf8');
  } catch (cause) {
    throw new TypeError(`--pid takes a process that is there: ${pid} cannot be looked at`, { cause });
  }
}
