/** What runs while a profile is made: the programs of its mode, and the stacks that they find. */

import type { Closable } from '../index.js';
import { type Frame, openSymbolizer, type Symbolizer } from '../symbols/index.js';
import { measureAllocations } from './allocations.js';
import { startSampling } from './cpu-sampling.js';
import type { Measurement } from './measurement.js';
import { modes, type ProfileMode } from './modes.js';
import { nameStacks } from './named-stacks.js';
import { followTree } from './process-tree.js';
import type { ProfileStack } from './profile.js';
import type { StackRecord } from './stack-record.js';
import { type StackSum, StackSums } from './stack-sums.js';
import type { ProfileTarget } from './target.js';
import { Waiting } from './waiting.js';

/** What is asked of it. */
export interface RecorderSettings {
  readonly mode: ProfileMode;
  readonly target: ProfileTarget;
  /** Samples a second. */
  readonly frequency: number;
  /** Waits that are shorter are left out, in nanoseconds. */
  readonly least: bigint;
}

/** The programs, their sums, and what is known of the stacks. */
export class Recorder {
  readonly #settings: RecorderSettings;
  readonly #sums: StackSums;
  readonly #symbols: Symbolizer = openSymbolizer();
  readonly #measurements: Measurement[] = [];
  readonly #records = new Map<bigint, StackRecord>();
  readonly #pids = new Set<number>();
  #waiting: Waiting | undefined;
  /** In nanoseconds of the monotonic clock. */
  #endedAt: bigint | undefined;

  private constructor(settings: RecorderSettings, sums: StackSums) {
    this.#settings = settings;
    this.#sums = sums;
  }

  /** @throws BpfError where programs cannot be loaded or attached; then nothing is left. */
  static async start(settings: RecorderSettings): Promise<Recorder> {
    const recorder = new Recorder(settings, await StackSums.create());
    try {
      await recorder.#start();
      return recorder;
    } catch (error) {
      await recorder.close();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const { mode, target, frequency, least } = this.#settings;
    if (target.cgroup !== undefined) this.#sums.maps.cgroups.set(0, target.cgroup);
    if (target.startedBy !== undefined)
      this.#add({ bpf: await followTree(target.startedBy, this.#sums.maps.tree), maps: [] });
    const { isSampled, hasWaits } = modes[mode];
    if (isSampled) this.#add({ bpf: await startSampling(target, this.#sums, frequency), maps: [] });
    if (hasWaits) {
      this.#waiting = await Waiting.start(target, this.#sums, least);
      this.#add(this.#waiting);
    }
    if (mode === 'allocations' && target.pid !== undefined)
      this.#add(await measureAllocations(target.pid, this.#sums));
  }

  #add(measurement: Measurement): void {
    this.#measurements.push(measurement);
  }

  /** Takes new stacks, and looks at each new process while it lives. */
  async look(): Promise<void> {
    const taken = this.#sums.take();
    // All at once: two looks may overlap, and each must find what the other has taken.
    for (const record of taken) this.#records.set(record.id, record);
    const pids = new Set(taken.map(({ pid }) => pid).filter(pid => !this.#pids.has(pid)));
    for (const pid of pids) this.#pids.add(pid);
    // One that may not be looked into has addresses without names.
    for (const pid of pids) await this.#symbols.remember(pid).catch(() => {});
  }

  /** Ends the measurement. */
  async stop(): Promise<void> {
    this.#endedAt = process.hrtime.bigint();
    for (const { bpf } of this.#measurements) await bpf.close();
  }

  /** How many times something could not be counted. */
  get lost(): number {
    return this.#sums.lost;
  }

  /** Living processes that are followed because another has started them. */
  processes(): number[] {
    return [...this.#sums.maps.tree.keys()];
  }

  /** What was counted until now, or until the end, with names. */
  async stacks(): Promise<ProfileStack[]> {
    const { mode, frequency } = this.#settings;
    const sums = await this.#readSums();
    await this.look();
    const names = await nameStacks(this.#symbols, [...this.#records.values()], mode === 'allocations');
    return [...sums].flatMap(([id, sum]) => {
      const { comm, state, frames } = this.#describe(id, names);
      return modes[mode]
        .values(sum, state, frames, 1e9 / frequency)
        .filter(({ value }) => value > 0)
        .map(value => ({ process: comm, frames, ...value }));
    });
  }

  async close(): Promise<void> {
    for (const each of this.#resources()) await each.close();
  }

  closeSync(): void {
    for (const each of this.#resources()) each.closeSync();
  }

  /** Programs first: they use the maps. */
  #resources(): Closable[] {
    const programs = this.#measurements.map(({ bpf }) => bpf);
    const maps = this.#measurements.flatMap(each => each.maps);
    return [...programs, ...maps, ...Object.values(this.#sums.maps), this.#symbols];
  }

  #describe(id: bigint, names: ReadonlyMap<bigint, Frame[]>) {
    const early = this.#waiting?.early.get(id);
    if (early) return { ...early, frames: [...early.kernel, earlyFrame] };
    const record = this.#records.get(id);
    if (record) return { ...record, frames: names.get(id) ?? [] };
    return { comm: '[unknown]', state: 0, frames: [lostFrame] };
  }

  /** Waits that go on count up to now. */
  async #readSums(): Promise<Map<bigint, StackSum>> {
    const waits = (await this.#waiting?.unfinished(this.#endedAt ?? process.hrtime.bigint())) ?? [];
    const sums = new Map(await this.#sums.read());
    for (const { id, blocked, runnable } of waits) {
      const sum = sums.get(id);
      if (!sum || blocked + runnable < this.#settings.least) continue;
      const { sent, first, second, count } = sum;
      sums.set(id, { sent, first: first + blocked, second: second + runnable, count: count + 1n });
    }
    return sums;
  }
}

/** Of a stack that found no room on its way, or of a thread that has not been switched to since before the profile. */
const lostFrame = mark('[lost stack]');
const earlyFrame = mark('[waiting since before the profile]');

function mark(name: string): Frame {
  return { address: 0n, kind: 'unknown', name, module: undefined };
}
