/** One address with all that is known of it. */
import { argumentError, shown } from '../errors/arguments.js';
import type { JavaScriptTier, SourcePosition } from './javascript-name.js';

/** What an address is in. */
export type FrameKind =
  /** The kernel's own code, or a module's. */
  | 'kernel'
  /** A BPF program that the kernel has compiled. */
  | 'bpf'
  /** A program, a library, or the kernel's page in each process (`[vdso]`). */
  | 'native'
  /** Code that a process compiled while it ran: JavaScript, by its perf map. */
  | 'jit'
  /** Nothing is known of it. */
  | 'unknown';

/** One frame of a stack, named as far as that could be done. */
export interface Frame {
  /** As it was given; 0n for a frame that was given as a build id and an offset. */
  readonly address: bigint;
  readonly kind: FrameKind;
  /** The function, with C++ and Rust names as in their sources; undefined where no table has one. */
  readonly name: string | undefined;
  /** As the table has the name, where that is another. */
  readonly symbol?: string | undefined;
  /** From the function's start, in bytes; undefined without a name. */
  readonly offset?: number | undefined;
  /** The file's path as its process sees it, `[kernel]`, a kernel module as `[nf_tables]`, `[bpf]`, `[vdso]`, `[jit]`. */
  readonly module: string | undefined;
  /** From the start of that file, in bytes. */
  readonly moduleOffset?: bigint | undefined;
  /** Of JavaScript: where the function begins in its source, by the source map if there is one. */
  readonly source?: SourcePosition | undefined;
  /** Of JavaScript: how it had been compiled. */
  readonly tier?: JavaScriptTier | undefined;
}

/**
 * A frame in a line: `tcp_sendmsg+0x1f [kernel]`, `total /app/order.ts:12:3`, `libc.so.6+0x27c8a` where no name is known.
 *
 * The text is as the process and its files have it: what goes to a terminal is to be escaped first.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for what is no frame.
 */
export function formatFrame(frame: Frame): string {
  if (typeof frame?.address !== 'bigint')
    throw argumentError('format a frame', `give a Frame, not ${shown(frame)}`);
  const { name, offset = 0, source } = frame;
  if (name === undefined) return placeOf(frame);
  if (source) return `${name} ${source.file || '(evaluated)'}:${source.line}:${source.column}`;
  return `${name}+0x${offset.toString(16)}${frame.module === undefined ? '' : ` ${shortModule(frame.module)}`}`;
}

function placeOf({ address, module, moduleOffset }: Frame): string {
  if (module === undefined) return `0x${address.toString(16)}`;
  return `${baseOf(module)}+0x${(moduleOffset ?? address).toString(16)}`;
}

function shortModule(module: string): string {
  return module.startsWith('[') ? module : `(${baseOf(module)})`;
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
