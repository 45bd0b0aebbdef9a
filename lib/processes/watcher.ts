/** Processes by the ids that BPF programs tell: the kernel notes each when it begins, before it can do anything. */
import { type ContainerWatcher, watchContainers } from '../containers/index.js';
import { argumentError, requireInteger, requireOptions, shown } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import type { Closable } from '../index.js';
import { Identities } from './identities.js';
import { identityOf, type ProcessIdentity } from './identity.js';

/** Options of {@link watchProcesses}. */
export interface WatchProcessesOptions {
  /** Only this process, by its id in the first pid namespace, and what descends from it. */
  readonly tree?: number | undefined;
  /** Only what is in the cgroup of this folder, and in those below. */
  readonly cgroup?: string | undefined;
  /**
   * A controller of version 1, where engines make containers' cgroups in its hierarchy alone. By default cgroups are those of
   * version 2.
   */
  readonly controller?: string;
  /** How many are remembered, 16,384 by default. Those that were asked for longest ago go first. */
  readonly maxProcesses?: number;
}

/** Those that are there are looked through again at most so often, in milliseconds. */
const leastBetween = 1000;

/** What {@link watchProcesses} gives. */
export class ProcessWatcher implements Closable {
  readonly #identities: Identities;
  readonly #containers: ContainerWatcher;
  #lookedAt = performance.now();
  #closed = false;

  private constructor(identities: Identities, containers: ContainerWatcher) {
    this.#identities = identities;
    this.#containers = containers;
  }

  /** @internal */
  static async open(options: WatchProcessesOptions): Promise<ProcessWatcher> {
    const { controller } = options;
    const containers = await watchContainers(controller === undefined ? {} : { controller });
    try {
      return new ProcessWatcher(await Identities.follow(containers.hierarchy, options), containers);
    } catch (error) {
      await containers.close();
      throw error;
    }
  }

  /** True from the moment that closing begins. */
  get closed(): boolean {
    return this.#closed;
  }

  /** How many processes and cgroups found no room, and are not known for it. */
  get lost(): number {
    this.#requireOpen();
    return this.#identities.missed + this.#containers.lost;
  }

  /**
   * What a process is, or was; undefined where it is not remembered. After an unknown id those that are there are looked
   * through, once a second at most, so that the next call knows them.
   *
   * @param pid - as bpf_get_current_pid_tgid() gives it in its upper half
   * @throws BpfError `ERR_BPF_CLOSED` after the watch, `ERR_BPF_ARGUMENT` for what is no id
   */
  at(pid: number): ProcessIdentity | undefined {
    this.#requireOpen();
    requireInteger('identify a process', 'pid', pid, 2 ** 32 - 1);
    const known = this.#identities.at(pid);
    if (known) return identityOf(pid, known, this.#containers.at(known.cgroup));
    void this.#look();
    return undefined;
  }

  /** Ends the watch. Again: nothing. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#identities.close();
    await this.#containers.close();
  }

  /** {@link ProcessWatcher.close} on this thread. */
  closeSync(): void {
    this.#closed = true;
    this.#identities.closeSync();
    this.#containers.closeSync();
  }

  [Symbol.dispose](): void {
    this.closeSync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #look(): Promise<void> {
    const now = performance.now();
    if (now - this.#lookedAt < leastBetween) return;
    this.#lookedAt = now;
    // A watch that was closed meanwhile has nothing to look for.
    await this.#identities.look().catch(() => {});
  }

  #requireOpen(): void {
    if (!this.#closed) return;
    const reason = 'the watch has ended';
    throw new BpfError({ code: 'ERR_BPF_CLOSED', operation: 'identify a process', reason });
  }
}

/**
 * Follows processes, so that ids in events tell parents, ids in containers, and containers, also of processes that have ended.
 *
 * @throws BpfError `ENOENT` where cgroups are not mounted, `ESRCH` where the process of `tree` is not there, `EPERM` without CAP_BPF and CAP_PERFMON
 * (perf_event_set_bpf_prog() in kernel/events/core.c)
 * @since Linux 5.10
 *
 * @example
 * ```ts
 * await using processes = await watchProcesses({ tree: process.pid });
 * const { namespacePid, container } = processes.at(process.pid) ?? {};
 * console.log(namespacePid, container?.id ?? 'in no container');
 * ```
 */
export async function watchProcesses(options: WatchProcessesOptions = {}): Promise<ProcessWatcher> {
  const operation = 'watch processes';
  requireOptions(operation, options, ['tree', 'cgroup', 'controller', 'maxProcesses']);
  const { tree, cgroup, maxProcesses } = options;
  for (const [name, value] of Object.entries({ tree, maxProcesses })) {
    if (value === undefined) continue;
    requireInteger(operation, name, value, 2 ** 22);
    if (value === 0) throw argumentError(operation, `${name} is at least 1`);
  }
  if (cgroup !== undefined && typeof cgroup !== 'string')
    throw argumentError(operation, `cgroup is a folder, not ${shown(cgroup)}`);
  return ProcessWatcher.open(options);
}
