/** What is attached where: all hooks of cgroups, interfaces and a network namespace that have programs. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inCgroup } from '../attach/cgroup.js';
import { cgroupMounts } from '../attach/cgroup-mounts.js';
import { inNetns, type Netns } from '../attach/netns.js';
import { BpfError } from '../errors.js';
import { type Flow, run } from '../flow.js';
import { type Hook, listedHook, xdpHook } from '../hook.js';
import { interfacesOf, ownNetns } from '../interfaces.js';
import { attachKinds } from '../kinds/attach-kinds.js';

/** A hook that has programs; `queryHook(section, place)` asks it again. */
export interface OccupiedHook extends Hook {
  /** Of the programs that it takes, as `tcx/ingress`. */
  readonly section: string;
  readonly place:
    | { readonly cgroup: string }
    | { readonly interface: string; readonly netns?: Netns }
    | { readonly netns: Netns };
}

/** Where {@link hooks} looks. */
export interface HooksOptions {
  /** This cgroup and those below it; all by default, none for false. */
  readonly cgroup?: string | false | undefined;
  /** The network namespace whose interfaces are asked; our own by default. */
  readonly netns?: Netns | undefined;
}

/**
 * Asks every cgroup, every interface of a network namespace, and that namespace itself for their programs, off the main
 * thread. Filters of classic tc, netfilter and what `links()` alone knows are not hooks that can be asked.
 *
 * @throws BpfError `EPERM` without CAP_NET_ADMIN and CAP_BPF
 * @since Linux 4.15
 * @example
 * ```ts
 * for await (const { section, place, programs } of hooks()) console.log(section, place, programs);
 * ```
 */
export async function* hooks({
  cgroup,
  netns,
}: HooksOptions = {}): AsyncGenerator<OccupiedHook, void, undefined> {
  if (cgroup !== false)
    for await (const path of cgroupsIn(cgroup ?? cgroupMounts()[0])) yield* await run(ofCgroup(path));
  yield* await run(inNetns({ operation: 'list hooks', section: '' }, netns, fd => ofNetns(fd, netns)));
}

/** A folder and those below it; those that go away meanwhile are left out. */
async function* cgroupsIn(path: string | undefined): AsyncGenerator<string> {
  if (path === undefined) return;
  yield path;
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) yield* cgroupsIn(join(path, entry.name));
}

/** Of several sections with one hook, the first stands for it. */
const cgroupSections = attachKinds.cgroup.sections.filter(section => section !== 'cgroup/sock');
const interfaceSections = ['tcx/ingress', 'tcx/egress', 'netkit/primary', 'netkit/peer'];

function* ofCgroup(path: string): Flow<OccupiedHook[]> {
  const subject = { operation: `list the hooks of cgroup ${path}`, section: '' };
  const found: OccupiedHook[] = [];
  try {
    yield* inCgroup(subject, path, function* (fd) {
      for (const section of [...cgroupSections, 'lsm_cgroup/'])
        found.push(...(yield* occupied(section, { cgroup: path }, { netns: ownNetns, target: fd })));
    });
  } catch (error) {
    if (!isCode(error, 'ENOENT', 'ENODEV')) throw error;
  }
  return found;
}

function* ofNetns(fd: number, netns: Netns | undefined): Flow<OccupiedHook[]> {
  const found: OccupiedHook[] = [];
  const elsewhere = netns === undefined ? {} : { netns };
  for (const { index, name } of yield* interfacesOf(fd, 'list hooks')) {
    const place = { interface: name, ...elsewhere };
    found.push(
      ...(yield* kept('xdp', place, xdpHook({ operation: `query xdp`, section: 'xdp' }, fd, index))),
    );
    for (const section of interfaceSections)
      found.push(...(yield* occupied(section, place, { netns: fd, target: index })));
  }
  return [...found, ...(yield* ofNamespace(netns ?? '/proc/self/ns/net'))];
}

function* ofNamespace(netns: Netns): Flow<OccupiedHook[]> {
  return yield* inNetns({ operation: 'list hooks', section: '' }, netns, function* (fd) {
    const found: OccupiedHook[] = [];
    for (const section of attachKinds.netns.sections)
      found.push(...(yield* occupied(section, { netns }, { netns: ownNetns, target: fd })));
    return found;
  });
}

type Target = Parameters<typeof listedHook>[1];

function* occupied(section: string, place: OccupiedHook['place'], target: Target): Flow<OccupiedHook[]> {
  return yield* kept(section, place, listedHook({ operation: `query ${section}`, section }, target));
}

/** One hook, or none where it is empty, or where this kernel or interface has no such hook. */
function* kept(section: string, place: OccupiedHook['place'], asked: Flow<Hook>): Flow<OccupiedHook[]> {
  try {
    const hook = yield* asked;
    return hook.programs.length === 0 ? [] : [{ section, place, ...hook }];
  } catch (error) {
    if (isCode(error, ...absent)) return [];
    throw error;
  }
}

const absent = ['EINVAL', 'EOPNOTSUPP', 'ENOTSUPP', 'ENODEV', 'ENXIO', 'ENOENT'];

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof BpfError && codes.includes(error.code);
}
