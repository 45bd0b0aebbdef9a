/** One exec call as people think of it. */
import { constants } from 'node:os';
import type { Event } from './execsnoop.bpf.js';

/** An event with its arguments apart and its clock time. */
export interface Call {
  readonly time: Date;
  /** Microseconds from call to result. */
  readonly duration: number;
  readonly pid: number;
  readonly ppid: number;
  readonly uid: number;
  /** 0, or a negative errno. */
  readonly retval: number;
  /** The errno's name, as `ENOENT`; absent after success. */
  readonly error?: string;
  readonly comm: string;
  /** The file that was to be executed. */
  readonly path: string;
  readonly args: readonly string[];
  /** How many arguments there were; `args` has fewer when `truncated`. */
  readonly args_count: number;
  readonly truncated: boolean;
  readonly unreadable: boolean;
  /** True for a script: `args` are then its interpreter's. */
  readonly interpreted: boolean;
}

const decoder = new TextDecoder();
const errnos = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** Nanoseconds between the kernel's monotonic clock, which `process.hrtime` reads too, and the time of day. */
const epoch = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint();

export function callOf(event: Event): Call {
  const [path = '', ...args] = stringsIn(event.args);
  const { pid, ppid, uid, retval, comm, args_count, truncated, unreadable, interpreted } = event;
  return {
    time: new Date(Number((event.time + epoch) / 1_000_000n)),
    duration: Number(event.duration) / 1000,
    ...{ pid, ppid, uid, retval },
    ...(retval < 0 && { error: errnos.get(-retval) ?? `errno ${-retval}` }),
    ...{ comm, path, args, args_count, truncated, unreadable, interpreted },
  };
}

/** Each string ends in a NUL, but for a last one that was cut. */
function stringsIn(bytes: Uint8Array): string[] {
  const end = bytes.at(-1) === 0 ? bytes.length - 1 : bytes.length;
  return bytes.length === 0 ? [] : decoder.decode(bytes.subarray(0, end)).split('\0');
}
