/** The kernel's trace, where `bpf_printk()` of all programs on the machine goes. */
import { closeSync, constants, existsSync, openSync, readSync } from 'node:fs';
import { requireOptions } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import { Events } from '../events/events.js';
import { lineCodec } from '../events/line-codec.js';
import { LineSource, type TextInput } from './line-source.js';

/** One line of the trace. */
export interface TraceLine {
  /**
   * The thread's name; `<...>` where it is not known any more (trace_find_cmdline() in
   * kernel/trace/trace_sched_switch.c).
   */
  readonly comm: string;
  /** The thread that wrote it. */
  readonly tid: number;
  readonly cpu: number;
  /** As in Documentation/trace/ftrace.rst: `...21`, `d.h1.`. */
  readonly flags: string;
  /** Nanoseconds of the trace's clock, to the microsecond; it is the CPU's own unless `trace_clock` says another. */
  readonly time: bigint;
  /** `bpf_trace_printk`, or another function that writes. */
  readonly writer: string;
  readonly message: string;
}

/** Which lines to give. Others are read too, and gone: there is one trace for all. */
export interface TracePipeOptions {
  /** Only what these threads wrote. */
  readonly tids?: readonly number[] | undefined;
  /** Only lines whose message begins so. */
  readonly prefix?: string | undefined;
}

const folders = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'];
const form = /^\s*(.+)-(\d+)\s+(?:\([ \d-]+\)\s+)?\[(\d+)\]\s+(\S+)\s+(\d+\.\d+): (\w+): (.*)$/;
const lost = /\[LOST (\d+) EVENTS\]/;

/**
 * Opens the trace and takes lines out of it: other readers, as `cat trace_pipe`, do not get these. The
 * `bpf_printk()` of every program of the machine writes to it; {@link TracePipeOptions} picks the lines to give.
 *
 * @throws BpfError `ENOENT` where tracefs is not mounted, `EACCES` without root, `EBUSY` while another process reads
 * it on Linux 6.6 and newer (open_pipe_on_cpu() in kernel/trace/trace.c).
 * @example
 * ```ts
 * for await (const { comm, message } of tracePipe({ prefix: 'myprog:' })) console.log(comm, message);
 * ```
 */
export function tracePipe(options: TracePipeOptions = {}): Events<TraceLine> {
  requireOptions('read the trace', options, ['tids', 'prefix']);
  const input = new TracePipe(options);
  return new Events(new LineSource(input), lineCodec('trace line', parsed));
}

/** A line's parts; a line of another form is all message. */
export function parsed(line: string): TraceLine {
  const [, comm = '', tid, cpu, flags = '', time, writer = '', message = line] = form.exec(line) ?? [];
  return {
    comm,
    tid: Number(tid ?? -1),
    cpu: Number(cpu ?? -1),
    flags,
    time: nanoseconds(time),
    writer,
    message,
  };
}

/** Of `1234.567890`. */
function nanoseconds(seconds = '0.0'): bigint {
  const [whole = '0', fraction = ''] = seconds.split('.');
  return BigInt(whole + fraction.padEnd(9, '0'));
}

class TracePipe implements TextInput {
  readonly subject: string;
  readonly #fd: number;
  readonly #options: TracePipeOptions;
  #dropped = 0;

  constructor(options: TracePipeOptions) {
    const folder = folders.find(path => existsSync(`${path}/trace_pipe`)) ?? folders[0];
    this.subject = `${folder}/trace_pipe`;
    this.#options = options;
    this.#fd = opened(this.subject);
  }

  read(bytes: Uint8Array): number {
    try {
      return readSync(this.#fd, bytes);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') return 0;
      throw failure(error, `read ${this.subject}`);
    }
  }

  wants(line: string): boolean {
    const [, count] = lost.exec(line) ?? [];
    if (count !== undefined) {
      this.#dropped += Number(count);
      return false;
    }
    const { tids, prefix = '' } = this.#options;
    const { tid, message } = parsed(line);
    return (tids === undefined || tids.includes(tid)) && message.startsWith(prefix);
  }

  counts() {
    return { dropped: this.#dropped };
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function opened(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw failure(error, `open ${path}`);
  }
}

function failure(cause: unknown, operation: string): BpfError {
  const { code = 'EIO', errno } = cause as NodeJS.ErrnoException;
  const hint = code === 'ENOENT' ? 'mount -t tracefs tracefs /sys/kernel/tracing' : undefined;
  const reason = code === 'ENOENT' ? 'tracefs is not mounted' : 'the kernel refuses';
  return new BpfError({ code, errno, operation, reason, hint, cause });
}
