/** Hooks that are attached once in a process, for all observers that want them. */
import { readFileSync } from 'node:fs';
import { kernelBtf } from '../doors/inspect.js';
import { BpfError } from '../errors/bpf-error.js';
import { type BpfMap, type LoadedObject, type OpenObject, open, type PerCpuMap } from '../index.js';
import { objectFile } from './object-file.js';
import { type Owner, type OwnerMap, Owners, ownerKinds } from './owner.js';
import { type Durations, type Fill, ofSlot, type SourceReading, type SumKey } from './reading.js';

/** The sources that there are: each is NAME.bpf.c of this folder. */
export type SourceName = 'scheduler' | 'syscalls' | 'processes' | 'network' | 'disk' | 'dns' | 'reclaim';

/** Histograms of all CPUs together take no more memory than this, in bytes. */
const mostHistogramBytes = 8 * 2 ** 20;
const leastHistograms = 128;

type AnyMap = BpfMap<unknown, unknown>;

/** One loaded object with its hooks. */
export class Source {
  readonly name: SourceName;
  /** Tracepoints that are not in this kernel. */
  readonly missing: readonly string[];
  readonly #bpf: LoadedObject;
  readonly #owners = new Owners();
  readonly #sums: PerCpuMap<SumKey, bigint>;
  readonly #histograms: PerCpuMap<SumKey, Durations>;
  #users = 0;

  private constructor(name: SourceName, bpf: LoadedObject, missing: readonly string[]) {
    this.missing = missing;
    this.name = name;
    this.#bpf = bpf;
    this.#sums = bpf.maps.sums as unknown as PerCpuMap<SumKey, bigint>;
    this.#histograms = bpf.maps.histograms as unknown as PerCpuMap<SumKey, Durations>;
  }

  /** Loads and attaches it. */
  static async start(name: SourceName): Promise<Source> {
    await using opened = await open(objectFile(name));
    limitMemory(opened);
    const missing = leaveOutMissing(opened);
    const bpf = await opened.load();
    try {
      await bpf.attach();
    } catch (error) {
      await bpf.close();
      throw error;
    }
    return new Source(name, bpf, missing);
  }

  /** True while anybody uses it. */
  get isUsed(): boolean {
    return this.#users > 0;
  }

  /** Entries that found no room in a map, since it was attached. */
  get missed(): bigint {
    return this.#globals.missed;
  }

  /** Begins to sum up what an owner does. */
  join(owner: Owner): { readonly number: number; readonly isShared: boolean } {
    const { hierarchy } = this.#owners;
    if (owner.kind === 'cgroup' && hierarchy !== undefined && hierarchy !== owner.hierarchy)
      throw otherHierarchy();
    const slot = this.#owners.join(owner);
    try {
      if (!slot.isShared) this.#ownerMap.set(keyOf(owner), slot.number);
    } catch (error) {
      this.#owners.leave(owner);
      throw error;
    }
    this.#users++;
    this.#tellKinds();
    return slot;
  }

  /** Ends it; true where no observer of the owner is left. */
  leave(owner: Owner): boolean {
    this.#users--;
    const isLast = this.#owners.leave(owner);
    if (isLast) this.#ownerMap.delete(keyOf(owner));
    this.#tellKinds();
    return isLast;
  }

  /** What the owner of a slot has done. */
  async read(slot: number): Promise<SourceReading> {
    const [sums, durations, states] = await Promise.all([
      this.#sums.reduced('sum').snapshot(),
      this.#histograms.reduced('sum').snapshot(),
      this.#fillOfStates(),
    ]);
    const fill = [
      { map: 'sums', entries: sums.length, limit: this.#sums.maxEntries },
      { map: 'histograms', entries: durations.length, limit: this.#histograms.maxEntries },
      ...states,
    ];
    const { missed } = this;
    return { sums: ofSlot(slot, sums), durations: ofSlot(slot, durations), fill, missed };
  }

  /** Of maps that hold what is under way. */
  #fillOfStates(): Promise<Fill[]> {
    const others = ['owners', 'sums', 'histograms'];
    const maps = Object.entries(this.#bpf.maps).filter(([name]) => !others.includes(name));
    return Promise.all(
      maps.map(async ([map, counted]) => {
        const { maxEntries: limit } = counted as AnyMap;
        return { map, entries: (await (counted as AnyMap).snapshot()).length, limit };
      }),
    );
  }

  /** Forgets what was summed up for owners that are observed no more, with calls that ended since the last time. */
  async forget(): Promise<void> {
    for (const map of [this.#sums, this.#histograms])
      for (const [key] of await map.snapshot()) if (!this.#owners.has(key.slot)) map.delete(key);
  }

  /** The same on this thread. */
  forgetSync(): void {
    for (const map of [this.#sums, this.#histograms])
      for (const key of [...map.keys()]) if (!this.#owners.has(key.slot)) map.delete(key);
  }

  close(): Promise<void> {
    return this.#bpf.close();
  }

  closeSync(): void {
    this.#bpf.closeSync();
  }

  get #ownerMap(): OwnerMap {
    return this.#bpf.maps.owners as unknown as OwnerMap;
  }

  get #globals(): { wanted: number; hierarchy: number; missed: bigint } {
    return this.#bpf.globals.bss as { wanted: number; hierarchy: number; missed: bigint };
  }

  #tellKinds(): void {
    this.#globals.hierarchy = this.#owners.hierarchy ?? 0;
    this.#globals.wanted = this.#owners.kinds;
  }
}

function keyOf({ kind, id }: Owner): { id: bigint; kind: bigint } {
  return { id, kind: ownerKinds[kind] };
}

/** Programs on tracepoints that are not in this kernel are not loaded; the others are. Gives those tracepoints. */
function leaveOutMissing({ programs }: OpenObject): string[] {
  const all = Object.values(programs).map(program => ({
    program,
    hook: program.section.replace(/^tp_btf\//, ''),
  }));
  const missing = all.filter(({ hook }) => kernelBtf().find('typedef', `btf_trace_${hook}`) === undefined);
  for (const { program } of missing) program.autoload = false;
  return missing.map(({ hook }) => hook);
}

/** How many CPUs this machine may have: a list such as `0-63`. */
function possibleCpus(): number {
  const [last = '0'] = /\d+\s*$/.exec(readFileSync('/sys/devices/system/cpu/possible', 'utf8')) ?? [];
  return Number(last) + 1;
}

/** The more CPUs, the fewer histograms: each CPU has its own of each. */
function limitMemory({ maps: { histograms } }: OpenObject): void {
  if (histograms === undefined) return;
  const most = Math.floor(mostHistogramBytes / (histograms.valueSize * possibleCpus()));
  histograms.maxEntries = Math.max(leastHistograms, Math.min(histograms.maxEntries, most));
}

function otherHierarchy(): BpfError {
  return new BpfError({
    code: 'ERR_BPF_BUSY',
    operation: 'observe a cgroup',
    reason: 'this process observes cgroups of another hierarchy already',
    hint: 'name all cgroups in one hierarchy: of the same controller, or of the second version',
  });
}
