/** Names for the stacks of a profile. */
import type { Frame, Symbolizer } from '../symbols/index.js';
import { onCpu, type StackRecord } from './stack-record.js';

/**
 * Names the frames of all records, by their ids. A process that may not be looked into, or was gone too early, has
 * addresses alone.
 *
 * @param returned - where stacks were taken when a function had returned, so that their first address is behind a call too
 */
export async function nameStacks(
  symbols: Symbolizer,
  records: readonly StackRecord[],
  returned = false,
): Promise<Map<bigint, Frame[]>> {
  const kernel = await Names.of(
    symbols,
    'kernel',
    records.map(record => record.kernel),
  );
  const byPid = new Map<number, Names>();
  for (const [pid, list] of groupByPid(records)) {
    const stacks = list.map(({ user }) => user);
    byPid.set(pid, await Names.of(symbols, { pid }, stacks, returned));
  }
  return new Map(
    records.map(record => [
      record.id,
      [...kernelFrames(record, kernel), ...(byPid.get(record.pid)?.named(record.user) ?? [])],
    ]),
  );
}

/** Functions that lead from a tracepoint to the BPF program. */
const probing = /^(?:__traceiter_|__bpf_trace_|perf_trace_|trace_call_bpf|perf_syscall_|bpf_)/;

/**
 * The kernel's frames without those of the measurement itself, which are the innermost. A sample has none: the clock
 * interrupts what ran, which may be a BPF program.
 */
function kernelFrames(record: StackRecord, kernel: Names): Frame[] {
  const frames = kernel.named(record.kernel);
  if (record.state === onCpu) return frames;
  const first = frames.findIndex(({ kind, name = '' }) => kind !== 'bpf' && !probing.test(name));
  return frames.slice(Math.max(first, 0));
}

function groupByPid(records: readonly StackRecord[]): Map<number, StackRecord[]> {
  const groups = new Map<number, StackRecord[]>();
  for (const record of records) {
    const group = groups.get(record.pid);
    if (group) group.push(record);
    else groups.set(record.pid, [record]);
  }
  return groups;
}

/** The frames of one address space, each looked up once: where a sample stopped, or where a call returns to. */
class Names {
  readonly #stopped: ReadonlyMap<bigint, Frame>;
  readonly #returning: ReadonlyMap<bigint, Frame>;
  /** How many of a stack's addresses, from the first on, are of instructions that ran. */
  readonly #stops: number;

  private constructor(
    stopped: ReadonlyMap<bigint, Frame>,
    returning: ReadonlyMap<bigint, Frame>,
    stops: number,
  ) {
    this.#stopped = stopped;
    this.#returning = returning;
    this.#stops = stops;
  }

  static async of(
    symbols: Symbolizer,
    space: 'kernel' | { readonly pid: number },
    stacks: readonly (readonly bigint[])[],
    returned = false,
  ): Promise<Names> {
    const stops = returned ? 0 : 1;
    const stopped = stacks.flatMap(stack => stack.slice(0, stops));
    const returning = stacks.flatMap(stack => stack.slice(stops));
    // The byte before a return address is in the call.
    const calls = await framesOf(symbols, space, returning, address => address - 1n);
    return new Names(await framesOf(symbols, space, stopped, address => address), calls, stops);
  }

  named(stack: readonly bigint[]): Frame[] {
    return stack.flatMap(
      (address, i) => (i < this.#stops ? this.#stopped : this.#returning).get(address) ?? [],
    );
  }
}

async function framesOf(
  symbols: Symbolizer,
  space: 'kernel' | { readonly pid: number },
  addresses: readonly bigint[],
  looked: (address: bigint) => bigint,
): Promise<Map<bigint, Frame>> {
  const unique = [...new Set(addresses)];
  if (unique.length === 0) return new Map();
  const frames = await symbols
    .symbolize(space, unique.map(looked), { returnAddresses: false })
    .catch(() => unique.map(unnamed));
  return new Map(unique.map((address, i) => [address, { ...(frames[i] ?? unnamed(address)), address }]));
}

function unnamed(address: bigint): Frame {
  return { address, kind: 'unknown', name: undefined, module: undefined };
}
