/** The table of processes that the kernel keeps for us: identities.bpf.c. */
import type { Hierarchy } from '../containers/index.js';
import { BpfError } from '../errors/bpf-error.js';
import { type BpfMap, type IterLink, type LoadedObject, open } from '../index.js';
import { cgroupAt, objectFile, subsystemOf } from '../sources/index.js';
import type { IdentityRecord } from './identity.js';

/** What is followed. */
export interface FollowedProcesses {
  readonly tree?: number | undefined;
  readonly cgroup?: string | undefined;
  readonly maxProcesses?: number;
}

/** Follows processes until it is closed. */
export class Identities {
  readonly #bpf: LoadedObject;
  readonly #processes: BpfMap<number, IdentityRecord>;
  readonly #living: IterLink;

  private constructor(bpf: LoadedObject, living: IterLink) {
    this.#bpf = bpf;
    this.#processes = bpf.maps.processes as unknown as BpfMap<number, IdentityRecord>;
    this.#living = living;
  }

  /** Attaches, then looks through those that are there: none begins unseen between the two. */
  static async follow(hierarchy: Hierarchy, of: FollowedProcesses): Promise<Identities> {
    await using opened = await open(objectFile('identities'));
    const { processes } = opened.maps;
    if (of.maxProcesses !== undefined && processes) processes.maxEntries = of.maxProcesses;
    const bpf = await opened.assign({ rodata: constantsOf(hierarchy, of) }).load();
    try {
      const { links } = await bpf.attach();
      const identities = new Identities(bpf, links.look as IterLink);
      await identities.look();
      if (of.tree !== undefined && !identities.at(of.tree)) throw noSuchProcess(of.tree);
      return identities;
    } catch (error) {
      await bpf.close();
      throw error;
    }
  }

  at(pid: number): IdentityRecord | undefined {
    return this.#processes.get(pid);
  }

  /** Notes those that are there and are not known. */
  async look(): Promise<void> {
    await this.#living.text();
  }

  /** How many found no room. */
  get missed(): number {
    return Number((this.#bpf.globals.bss as { readonly missed: bigint }).missed);
  }

  close(): Promise<void> {
    return this.#bpf.close();
  }

  closeSync(): void {
    this.#bpf.closeSync();
  }
}

/** What identities.bpf.c takes. @throws BpfError for a cgroup of another hierarchy */
function constantsOf({ number, controllers }: Hierarchy, { tree = 0, cgroup }: FollowedProcesses) {
  const hierarchy = subsystemOf(controllers) ?? 0;
  const place = cgroup === undefined ? undefined : cgroupAt(cgroup);
  if (place !== undefined && place.hierarchy !== hierarchy) throw otherHierarchy(place.path, controllers);
  return { only_tree: tree, only_cgroup: place?.id ?? 0n, hierarchy, hierarchy_id: number };
}

function otherHierarchy(path: string, controllers: readonly string[]): BpfError {
  const wanted = controllers.length === 0 ? 'version 2' : `controller ${controllers.join(',')}`;
  return new BpfError({
    code: 'EXDEV',
    operation: `watch processes of ${path}`,
    reason: `cgroups are looked for in the hierarchy of ${wanted}, and it is in another one`,
    hint: 'name its folder there, or the controller of its own hierarchy',
  });
}

function noSuchProcess(pid: number): BpfError {
  return new BpfError({
    code: 'ESRCH',
    operation: `watch processes below ${pid}`,
    reason: 'there is no such process',
    hint: 'ids are those of the first pid namespace: in a container give its cgroup',
  });
}
