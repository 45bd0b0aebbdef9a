/** Containers by the numbers that BPF programs tell, those that have gone too. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { argumentError, requireInteger, requireOptions, shown } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import type { Closable } from '../index.js';
import { type CgroupBirth, CgroupBirths } from './cgroup-births.js';
import { containerAt } from './cgroup-path.js';
import type { Container } from './container.js';
import { chooseHierarchy, type Hierarchy, requireController } from './hierarchy.js';
import { walkCgroups } from './list.js';

/** Options of {@link watchContainers}. */
export interface WatchContainersOptions {
  /**
   * A controller of version 1, for programs that tell a task's cgroup of it. By default numbers are those of version 2, as
   * bpf_get_current_cgroup_id() gives them.
   */
  readonly controller?: string;
  /** Only cgroups whose path begins so, `/kubepods`; it is compared in the kernel. All by default. */
  readonly below?: string;
  /** How many cgroups are remembered; those that were made first go first. 65,536 by default. */
  readonly maxCgroups?: number;
}

/** The tree is looked through again at most so often, in milliseconds. */
const leastBetween = 1000;

/** What {@link watchContainers} gives. */
export class ContainerWatcher implements Closable {
  readonly hierarchy: Hierarchy;
  readonly #births: CgroupBirths;
  readonly #below: string;
  readonly #most: number;
  /** Paths by the numbers of cgroups, the oldest first. */
  readonly #paths = new Map<bigint, string>();
  #walkedAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  private constructor(hierarchy: Hierarchy, births: CgroupBirths, below: string, most: number) {
    this.hierarchy = hierarchy;
    this.#births = births;
    this.#below = below;
    this.#most = most;
  }

  /** @internal */
  static async open(options: WatchContainersOptions): Promise<ContainerWatcher> {
    const { controller, below = '', maxCgroups = 65_536 } = options;
    const hierarchy = await chooseHierarchy(controller);
    const births = await CgroupBirths.follow(hierarchy, below);
    const watcher = new ContainerWatcher(hierarchy, births, below, maxCgroups);
    await watcher.#walk();
    return watcher;
  }

  /** True from the moment that closing begins. */
  get closed(): boolean {
    return this.#closed;
  }

  /** How many cgroups were made whose names found no room on their way here. */
  get lost(): number {
    this.#requireOpen();
    return this.#births.lost;
  }

  /**
   * The container that a cgroup belongs to; undefined where it is in none, or is not known. After an unknown number the
   * tree is looked through, once a second at most, so that the next call knows it.
   *
   * @param cgroup - as bpf_get_current_cgroup_id() gives it
   */
  at(cgroup: bigint): Container | undefined {
    const path = this.pathOf(cgroup);
    return path === undefined ? undefined : containerAt(path);
  }

  /** The path of a cgroup below the root of the hierarchy, `/` for the root; undefined where it is not known. */
  pathOf(cgroup: bigint): string | undefined {
    this.#requireOpen();
    if (typeof cgroup !== 'bigint')
      throw argumentError('name a cgroup', `its number is a bigint, not ${shown(cgroup)}`);
    if (!this.#paths.has(cgroup)) this.#takeBirths();
    const path = this.#paths.get(cgroup);
    if (path === undefined) void this.#walk();
    return path;
  }

  /** Ends the watch. Again: nothing. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#births.close();
  }

  /** {@link ContainerWatcher.close} on this thread. */
  closeSync(): void {
    this.#closed = true;
    this.#births.closeSync();
  }

  [Symbol.dispose](): void {
    this.closeSync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #takeBirths(): void {
    for (const birth of this.#births.take()) this.#remember(birth);
  }

  /** The kernel does not give a number to another cgroup: since Linux 5.5 they are 64 bits that count up (kernfs_ino() in include/linux/kernfs.h). */
  #remember({ id, path }: CgroupBirth): void {
    if (!path.startsWith(this.#below)) return;
    this.#paths.set(id, path);
    for (const oldest of this.#paths.keys()) {
      if (this.#paths.size <= this.#most) break;
      this.#paths.delete(oldest);
    }
  }

  async #walk(): Promise<void> {
    const now = performance.now();
    if (now - this.#walkedAt < leastBetween) return;
    this.#walkedAt = now;
    for await (const path of walkCgroups(this.hierarchy)) {
      const found = await stat(join(this.hierarchy.folder, path), { bigint: true }).catch(() => undefined);
      if (found) this.#remember({ id: found.ino, path: path === '' ? '/' : path });
    }
  }

  #requireOpen(): void {
    if (!this.#closed) return;
    const reason = 'the watch has ended';
    throw new BpfError({ code: 'ERR_BPF_CLOSED', operation: 'name a cgroup', reason });
  }
}

/**
 * Follows cgroups, so that numbers in events get the names of their containers, those of containers that live for
 * milliseconds too.
 *
 * @throws BpfError `ENOENT` where the hierarchy is not mounted, `EPERM` without CAP_BPF and CAP_PERFMON
 * (perf_event_set_bpf_prog() in kernel/events/core.c)
 * @since Linux 5.8
 *
 * @example
 * ```ts
 * await using containers = await watchContainers();
 * console.log(containers.at(cgroupId())?.id ?? 'in no container');
 * ```
 */
export async function watchContainers(options: WatchContainersOptions = {}): Promise<ContainerWatcher> {
  const operation = 'watch containers';
  requireOptions(operation, options, ['controller', 'below', 'maxCgroups']);
  requireController(operation, options.controller);
  const { below, maxCgroups } = options;
  if (below !== undefined && (typeof below !== 'string' || !below.startsWith('/')))
    throw argumentError(operation, `below is a path from the root of the hierarchy, not ${shown(below)}`);
  if (maxCgroups !== undefined) requireInteger(operation, 'maxCgroups', maxCgroups);
  return ContainerWatcher.open(options);
}
