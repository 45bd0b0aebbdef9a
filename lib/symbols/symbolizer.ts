/** Names for addresses of the kernel and of processes, with what was read for them kept for the next. */
import { argumentError, requireInteger, requireOptions, shown } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import type { Closable, StackFrame } from '../index.js';
import { FileCache } from './file-cache.js';
import type { Frame } from './frame.js';
import { buildIdFrame, kernelFrame, processFrame, unknownFrame } from './frames.js';
import { KernelAddresses } from './kernel-addresses.js';
import { identifyProcess } from './process-identity.js';
import { ProcessSymbols } from './process-symbols.js';

/** Whose addresses they are: the kernel's, or a process's by its number. */
export type AddressSpace = 'kernel' | { readonly pid: number };

/** Options of {@link openSymbolizer}. */
export interface SymbolizerOptions {
  /** How much memory the symbols of files may take, in bytes; those that were not used for longest go first. 256 MiB by default. */
  readonly maxBytes?: number;
  /** How many processes are remembered; those that were not asked about for longest are forgotten first. 1,024 by default. */
  readonly maxProcesses?: number;
}

/** Options of {@link Symbolizer.symbolize}. */
export interface SymbolizeOptions {
  /**
   * False where each address is the one of an instruction that ran. By default all but the first are return addresses, as
   * they are in a stack: they are behind the call, which may have been a function's last instruction.
   */
  readonly returnAddresses?: boolean;
}

/** Names addresses, and remembers what it read: make one for a service, and close it at the end. */
export class Symbolizer implements Closable {
  readonly #files: FileCache;
  readonly #kernel = new KernelAddresses();
  readonly #mostProcesses: number;
  /** The one that was asked about last is at the end. */
  readonly #processes = new Map<number, ProcessSymbols>();
  #closed = false;

  private constructor({ maxBytes = 2 ** 28, maxProcesses = 1024 }: SymbolizerOptions) {
    this.#files = new FileCache(maxBytes);
    this.#mostProcesses = maxProcesses;
  }

  /** @internal */
  static open(options: SymbolizerOptions = {}): Symbolizer {
    requireOptions('open a symbolizer', options, ['maxBytes', 'maxProcesses']);
    const { maxBytes, maxProcesses } = options;
    if (maxBytes !== undefined)
      requireInteger('open a symbolizer', 'maxBytes', maxBytes, Number.MAX_SAFE_INTEGER);
    if (maxProcesses !== undefined) requireInteger('open a symbolizer', 'maxProcesses', maxProcesses);
    return new Symbolizer(options);
  }

  /** True from the moment that closing begins. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Names the frames of a stack, the innermost first.
   *
   * A process is looked at each time, so that what it has loaded since is known. Where it has ended, what was seen of it
   * before counts; nothing seen before, its frames are unknown.
   *
   * @param frames - addresses, or what a stack trace map gave
   * @throws BpfError `EPERM` where the kernel's addresses are hidden (kallsyms_show_value() in
   * kernel/ksyms_common.c), `EACCES` where the process may not be looked into.
   */
  async symbolize(
    space: AddressSpace,
    frames: Iterable<bigint | StackFrame>,
    options: SymbolizeOptions = {},
  ): Promise<Frame[]> {
    this.#requireOpen('name addresses');
    requireOptions('name addresses', options, ['returnAddresses']);
    const places = asFrames(frames);
    const { returnAddresses = true } = options;
    const back = (index: number) => (returnAddresses && index > 0 ? 1n : 0n);
    if (space === 'kernel') return this.#nameKernel(places, back);
    const process = await this.#process(requirePid(space));
    await process.refresh();
    return inOrder(places, (place, index) => this.#nameIn(process, place, back(index)));
  }

  /**
   * Reads all that a process has mapped to be run, so that its stacks can be named when it has ended.
   *
   * @throws BpfError `EACCES` where the process may not be looked into (ptrace(2)).
   */
  async remember(pid: number): Promise<void> {
    this.#requireOpen('remember a process');
    const process = await this.#process(requirePid({ pid }));
    await process.readAll();
  }

  /** Forgets everything, and closes the files that are open for it. Again: nothing. */
  async close(): Promise<void> {
    this.closeSync();
  }

  /** {@link Symbolizer.close} on this thread. */
  closeSync(): void {
    this.#closed = true;
    this.#files.clear();
    for (const process of this.#processes.values()) process.close();
    this.#processes.clear();
  }

  [Symbol.dispose](): void {
    this.closeSync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #nameKernel(places: readonly StackFrame[], back: (index: number) => bigint): Promise<Frame[]> {
    const addresses = places.map(place => ('address' in place ? place.address : 0n));
    const find = await this.#kernel.reader(addresses);
    return addresses.map((address, index) => kernelFrame(address, find(address - back(index))));
  }

  async #nameIn(process: ProcessSymbols, place: StackFrame, back: bigint): Promise<Frame> {
    if ('buildId' in place) {
      const symbols = await this.#files.byBuildId(place.buildId);
      return buildIdFrame(place, symbols?.find(BigInt(place.offset) - back));
    }
    const found = await process.find(place.address - back);
    return found ? processFrame(process, place.address, found) : unknownFrame(place.address);
  }

  /** Another process may have the number by now. */
  async #process(pid: number): Promise<ProcessSymbols> {
    const identity = await identifyProcess(pid);
    // Calls that run at once share the process: nothing is waited for from here on.
    this.#requireOpen('look at a process');
    const known = this.#processes.get(pid);
    this.#processes.delete(pid);
    const isSame = known && (identity === undefined || identity.startTime === known.startTime);
    if (!isSame) known?.close();
    const process = isSame ? known : new ProcessSymbols(pid, identity?.startTime, this.#files);
    this.#processes.set(pid, process);
    this.#forgetOldest();
    return process;
  }

  #forgetOldest(): void {
    for (const [pid, process] of this.#processes) {
      if (this.#processes.size <= this.#mostProcesses) return;
      this.#processes.delete(pid);
      process.close();
    }
  }

  #requireOpen(operation: string): void {
    if (this.#closed)
      throw new BpfError({ code: 'ERR_BPF_CLOSED', operation, reason: 'the symbolizer is closed' });
  }
}

function asFrames(given: Iterable<bigint | StackFrame>): StackFrame[] {
  const isList = typeof given === 'object' && given !== null && Symbol.iterator in given;
  if (!isList) throw argumentError('name addresses', `frames are a list of addresses, not ${shown(given)}`);
  return [...given].map(asFrame);
}

function asFrame(given: bigint | StackFrame): StackFrame {
  if (typeof given === 'bigint') return { address: BigInt.asUintN(64, given) };
  const isFrame = typeof given === 'object' && given !== null && ('address' in given || 'buildId' in given);
  if (!isFrame)
    throw argumentError('name addresses', `a frame is a bigint or a StackFrame, not ${shown(given)}`);
  return given;
}

function requirePid(space: unknown): number {
  const { pid } = (space ?? {}) as { pid?: unknown };
  if (Number.isInteger(pid) && (pid as number) > 0) return pid as number;
  throw argumentError('name addresses', `give 'kernel' or { pid }, not ${shown(space)}`);
}

/** One after the other: what the first reads, the next finds. */
async function inOrder<T, R>(list: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const [index, item] of list.entries()) results.push(await work(item, index));
  return results;
}
