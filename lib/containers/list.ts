/** All containers of this machine, as folders of cgroups. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { argumentError, shown } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import { containerAt, podAt } from './cgroup-path.js';
import type { Container, Pod } from './container.js';
import { type Hierarchy, readHierarchies } from './hierarchy.js';

/** A container whose cgroup is there. */
export interface FoundContainer extends Container {
  /** What has processes' numbers and limits: `/sys/fs/cgroup/system.slice/docker-….scope`. */
  readonly folder: string;
  /** Of the hierarchy that it was found in: 2 where it has a cgroup there. */
  readonly version: 1 | 2;
}

/**
 * The containers that there are now, each once: by its cgroup of version 2, or by one of version 1 where its engine knows
 * that alone. In a cgroup namespace those inside it.
 *
 * @example
 * ```ts
 * for (const { id, engine, pod } of await listContainers()) console.log(engine, id, pod?.uid);
 * ```
 */
export async function listContainers(): Promise<FoundContainer[]> {
  const found = new Map<string | undefined, FoundContainer>();
  for (const hierarchy of await readHierarchies())
    for (const container of await containersOf(hierarchy))
      if (!found.has(container.id)) found.set(container.id, container);
  return [...found.values()];
}

/**
 * The container whose id begins so.
 *
 * @param id - at least 4 hexadecimal digits, or the whole name of one of LXC or systemd-nspawn
 * @throws BpfError with code `ENOENT` where no cgroup in cgroups(7) is named so, `ERR_BPF_ARGUMENT` where several are
 */
export async function findContainer(id: string): Promise<FoundContainer> {
  if (typeof id !== 'string' || id === '')
    throw argumentError('find a container', `an id is text, not ${shown(id)}`);
  const operation = `find container ${id}`;
  const isPrefix = /^[0-9a-f]{4,64}$/.test(id);
  const all = await listContainers();
  const found = all.filter(each => each.id === id || (isPrefix && each.id?.startsWith(id)));
  const [first, second] = found;
  if (second !== undefined) throw argumentError(operation, `several begin so: ${listed(found)}`);
  if (first !== undefined) return first;
  throw new BpfError({
    code: 'ENOENT',
    operation,
    reason: 'no cgroup is named after such a container',
    hint: all.length === 0 ? 'there is no container here' : `there are ${listed(all)}`,
  });
}

/** A pod whose cgroup is there: its containers have theirs below. */
export interface FoundPod extends Pod {
  readonly folder: string;
  readonly version: 1 | 2;
}

/**
 * The pod of Kubernetes with this `metadata.uid`.
 *
 * @throws BpfError with code `ENOENT` where no cgroup in cgroups(7) is named so
 */
export async function findPod(uid: string): Promise<FoundPod> {
  if (typeof uid !== 'string' || uid === '')
    throw argumentError('find a pod', `a uid is text, not ${shown(uid)}`);
  for (const hierarchy of await readHierarchies())
    for await (const path of walkCgroups(hierarchy)) {
      const pod = podAt(path);
      if (pod?.uid === uid)
        return { ...pod, folder: join(hierarchy.folder, path), version: hierarchy.version };
    }
  throw new BpfError({
    code: 'ENOENT',
    operation: `find pod ${uid}`,
    reason: 'no cgroup is named after such a pod',
    hint: "its uid is what `kubectl get pod NAME -o jsonpath='{.metadata.uid}'` prints",
  });
}

/** Folders of a hierarchy, each with its path below the root, the upper ones first. */
export async function* walkCgroups({ folder }: Hierarchy, path = ''): AsyncGenerator<string> {
  yield path;
  // One that has gone meanwhile has nothing below it.
  const entries = await readdir(join(folder, path), { withFileTypes: true }).catch(() => []);
  for (const entry of entries)
    if (entry.isDirectory()) yield* walkCgroups({ folder } as Hierarchy, `${path}/${entry.name}`);
}

async function containersOf(hierarchy: Hierarchy): Promise<FoundContainer[]> {
  const found: FoundContainer[] = [];
  for await (const path of walkCgroups(hierarchy)) {
    const container = containerAt(path);
    // What is below a container's cgroup is its own.
    if (container?.cgroup === path)
      found.push({ ...container, folder: join(hierarchy.folder, path), version: hierarchy.version });
  }
  return found;
}

function listed(containers: readonly Container[]): string {
  const names = containers.slice(0, 5).map(({ id = '' }) => id.slice(0, 12));
  return (
    names.join(', ') +
    (containers.length > names.length ? ` and ${containers.length - names.length} more` : '')
  );
}
