/** Names for addresses, where nothing is to be kept or closed. */
import type { StackFrame } from '../index.js';
import type { Frame } from './frame.js';
import {
  type AddressSpace,
  type SymbolizeOptions,
  Symbolizer,
  type SymbolizerOptions,
} from './symbolizer.js';

/**
 * A symbolizer of one's own: it keeps what it read, remembers processes that have ended, and is closed at the end.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` where an option cannot be meant.
 * @example
 * ```ts
 * await using symbols = openSymbolizer({ maxBytes: 64 * 2 ** 20 });
 * await symbols.remember(process.pid);
 * ```
 */
export function openSymbolizer(options?: SymbolizerOptions): Symbolizer {
  return Symbolizer.open(options);
}

let shared: Symbolizer | undefined;

/**
 * Names the frames of a stack, the innermost first, by a symbolizer that all calls in this process share. The list of
 * kernel symbols is read again when it is a second old and an address may be of a module or a BPF program, which come
 * and go.
 *
 * @param space - `'kernel'`, or `{ pid }` of a process
 * @param frames - addresses, or what a stack trace map gave
 * @throws BpfError `EPERM` where the kernel's addresses are hidden, `EACCES` where the process may not be looked into
 * (ptrace(2)).
 * @example
 * ```ts
 * for (const [id, frames] of bpf.maps.stacks) {
 *   for (const frame of await symbolize({ pid: process.pid }, frames)) console.log(id, formatFrame(frame));
 * }
 * ```
 */
export function symbolize(
  space: AddressSpace,
  frames: Iterable<bigint | StackFrame>,
  options?: SymbolizeOptions,
): Promise<Frame[]> {
  shared ??= Symbolizer.open();
  return shared.symbolize(space, frames, options);
}
