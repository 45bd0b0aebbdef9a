/** Names for the stacks of many samples. */
import type { Frame, Symbolizer } from '../symbols/index.js';
import type { ProfileStack } from './profile.js';
import type { Sample } from './sample.js';

/** A stack, and how many samples had it. */
export interface CountedSample {
  readonly sample: Sample;
  count: number;
}

/** Equal samples as one. */
export class SampleCounts {
  readonly #counts = new Map<string, CountedSample>();

  add(sample: Sample): void {
    const known = this.#counts.get(sample.key);
    if (known) known.count++;
    else this.#counts.set(sample.key, { sample, count: 1 });
  }

  /** All of them with names. A process that may not be looked into, or was gone too early, has addresses alone. */
  async name(symbols: Symbolizer): Promise<ProfileStack[]> {
    const counted = [...this.#counts.values()];
    const kernel = await Names.of(
      symbols,
      'kernel',
      counted.map(({ sample }) => sample.kernel),
    );
    const byPid = new Map<number, Names>();
    for (const pid of new Set(counted.map(({ sample }) => sample.pid))) {
      const stacks = counted.filter(({ sample }) => sample.pid === pid).map(({ sample }) => sample.user);
      byPid.set(pid, await Names.of(symbols, { pid }, stacks));
    }
    return counted.map(({ sample, count }) => ({
      process: sample.comm,
      frames: [...kernel.named(sample.kernel), ...(byPid.get(sample.pid)?.named(sample.user) ?? [])],
      value: count,
    }));
  }
}

/** The frames of one address space, each looked up once: where a sample stopped, or where a call returns to. */
class Names {
  readonly #stopped: ReadonlyMap<bigint, Frame>;
  readonly #returning: ReadonlyMap<bigint, Frame>;

  private constructor(stopped: ReadonlyMap<bigint, Frame>, returning: ReadonlyMap<bigint, Frame>) {
    this.#stopped = stopped;
    this.#returning = returning;
  }

  static async of(
    symbols: Symbolizer,
    space: 'kernel' | { readonly pid: number },
    stacks: readonly (readonly bigint[])[],
  ): Promise<Names> {
    const stopped = stacks.flatMap(stack => stack.slice(0, 1));
    const returning = stacks.flatMap(stack => stack.slice(1));
    // The byte before a return address is in the call.
    const calls = await framesOf(symbols, space, returning, address => address - 1n);
    return new Names(await framesOf(symbols, space, stopped, address => address), calls);
  }

  named(stack: readonly bigint[]): Frame[] {
    return stack.flatMap((address, i) => (i === 0 ? this.#stopped : this.#returning).get(address) ?? []);
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
