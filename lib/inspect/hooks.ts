/** What is attached where: all hooks of cgroups, interfaces and a network namespace that have programs. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cgroup as cgroupKind } from '../attach/cgroup.js';
import { inCgroup } from '../attach/cgroup-directory.js';
import { listedHook, xdpHook } from '../attach/hook-query.js';
import { netkitAttachTypes } from '../attach/netkit.js';
import { netns as netnsKind } from '../attach/netns.js';
import { inNetns, type Netns } from '../attach/network-namespace.js';
import { tcxAttachTypes } from '../attach/tcx.js';
import { requireOptions } from '../errors/arguments.js';
import { cgroupMounts } from '../host/cgroup-mounts.js';
import { type Flow, run } from '../native/flow.js';
import { interfacesOf, ownNetns } from '../native/interfaces.js';
import { machineHooks } from './machine-hooks.js';
import { isCode, kept, type OccupiedHook } from './occupied.js';
import { tcHooks } from './tc-hooks.js';
import { noneOf } from './unreadable.js';

/** Where {@link hooks} looks. */
export interface HooksOptions {
  /** This cgroup and those below it; all by default, none for false. */
  readonly cgroup?: string | false | undefined;
  /** The network namespace whose interfaces are asked, and nothing else of the machine; our own by default. */
  readonly netns?: Netns | undefined;
}

/**
 * Asks every cgroup, every interface of a network namespace with its tc filters, that namespace itself, every sockmap,
 * and netfilter for their programs, off the main thread. Sockmaps and netfilter take CAP_SYS_ADMIN, and are left out
 * without it. What traces, counts and iterates is attached by links alone, which `links()` lists; programs that are
 * actions of tc filters are not listed.
 *
 * @throws BpfError `EPERM` without CAP_NET_ADMIN (bpf_prog_query() in kernel/bpf/syscall.c), and before Linux 5.19
 * without CAP_BPF where `unprivileged_bpf_disabled` is set (__sys_bpf() in kernel/bpf/syscall.c)
 * @since Linux 4.15
 * @example
 * ```ts
 * for await (const { section, place, programs } of hooks()) console.log(section, place, programs);
 * ```
 */
export async function* hooks(options: HooksOptions = {}): AsyncGenerator<OccupiedHook, void, undefined> {
  requireOptions('list hooks', options, ['cgroup', 'netns']);
  const { cgroup, netns } = options;
  if (cgroup !== false)
    for await (const path of cgroupsIn(cgroup ?? cgroupMounts()[0])) yield* await run(ofCgroup(path));
  yield* await run(inNetns({ operation: 'list hooks', section: '' }, netns, fd => ofNetns(fd, netns)));
  if (netns === undefined) yield* machineHooks();
}

/** A folder and those below it; those that go away meanwhile are left out. */
async function* cgroupsIn(path: string | undefined): AsyncGenerator<string> {
  if (path === undefined) return;
  yield path;
  const entries = await readdir(path, { withFileTypes: true }).catch(cause => noneOf(path, cause));
  for (const entry of entries) if (entry.isDirectory()) yield* cgroupsIn(join(path, entry.name));
}

/** Of several sections with one hook, the first stands for it. */
const cgroupSections = cgroupKind.sections.filter(section => section !== 'cgroup/sock');
const interfaceHooks = Object.entries({ ...tcxAttachTypes, ...netkitAttachTypes }).filter(
  ([section]) => !section.startsWith('tc/'),
);

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
  const interfaces = yield* interfacesOf(fd, 'list hooks');
  for (const { index, name } of interfaces) {
    const place = { interface: name, ...elsewhere };
    found.push(
      ...(yield* kept('xdp', place, xdpHook({ operation: `query xdp`, section: 'xdp' }, fd, index))),
    );
    for (const [section, attachType] of interfaceHooks)
      found.push(...(yield* occupied(section, place, { netns: fd, target: index }, attachType)));
  }
  found.push(...(yield* tcHooks(fd, interfaces, elsewhere)));
  return [...found, ...(yield* ofNamespace(netns ?? '/proc/self/ns/net'))];
}

function* ofNamespace(netns: Netns): Flow<OccupiedHook[]> {
  return yield* inNetns({ operation: 'list hooks', section: '' }, netns, function* (fd) {
    const found: OccupiedHook[] = [];
    for (const section of netnsKind.sections)
      found.push(...(yield* occupied(section, { netns }, { netns: ownNetns, target: fd })));
    return found;
  });
}

type Target = Parameters<typeof listedHook>[1];

function* occupied(
  section: string,
  place: OccupiedHook['place'],
  target: Target,
  attachType?: number,
): Flow<OccupiedHook[]> {
  const context = { operation: `query ${section}`, section };
  return yield* kept(section, place, listedHook(context, target, { attachType }));
}
