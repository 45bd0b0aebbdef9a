/** Targets that BTF names: tp_btf, fentry, fexit, fmod_ret, fsession, LSM hooks, other BPF programs, iterators. */
import { job } from '../native/flow.js';
import type { Attacher, Site } from './site.js';
import { known, wanted } from './wanted.js';

/** The section, or `attachTarget` before load, has named the target; the kernel knows it since. */
export interface TraceOptions {
  /** What `bpf_get_attach_cookie()` answers. @since Linux 5.19; of tp_btf 6.10 */
  readonly cookie?: bigint;
}

/** The function of another program that this one takes the place of. */
export interface FreplaceOptions {
  /** The other program's descriptor, as `other.programs.main.fd`. */
  readonly targetFd: number;
  readonly function: string;
}

/** What an iterator goes over, where its target allows a choice. */
export interface IterOptions {
  /** Of `iter/bpf_map_elem` and its like: the map's descriptor. */
  readonly mapFd?: number;
  /** Of `iter/cgroup`. */
  readonly cgroup?: { readonly fd: number; readonly order: IterOrder };
  /** Of `iter/task` and its like: one thread, one process, or one process by its pidfd. */
  readonly task?: { readonly tid: number } | { readonly pid: number } | { readonly pidFd: number };
}

/** `enum bpf_cgroup_iter_order`. */
const orders = { self: 1, descendants_pre: 2, descendants_post: 3, ancestors_up: 4 } as const;

/** In which order an iterator goes over a cgroup and those around it. */
export type IterOrder = keyof typeof orders;

/** tp_btf, fentry, fexit, fmod_ret, fsession, lsm. */
export const attachTrace: Attacher<TraceOptions> = function* (site, { cookie = 0n }) {
  return [yield* job('programAttachTrace', site.program, cookie)];
};

/** freplace. */
export const attachFreplace: Attacher<Partial<FreplaceOptions>> = function* (site, options) {
  const targetFd = wanted(site, 'targetFd', options.targetFd, 'which program');
  const name = wanted(site, 'function', options.function ?? site.target, 'which function');
  return [yield* job('programAttachFreplace', site.program, targetFd, name)];
};

/** iter. */
export const attachIter: Attacher<IterOptions> = function* (site, options) {
  return [yield* job('programAttachIter', site.program, iterLinkInfo(site, options))];
};

/** `union bpf_iter_link_info`: three or four 32-bit numbers. */
function iterLinkInfo(site: Site, { mapFd, cgroup, task }: IterOptions): Uint8Array {
  if (cgroup !== undefined) known(site, 'order', orders, cgroup.order);
  const words = iterWords(mapFd, cgroup, task);
  return new Uint8Array(Uint32Array.from(words).buffer);
}

function iterWords(mapFd?: number, cgroup?: IterOptions['cgroup'], task?: IterOptions['task']): number[] {
  if (mapFd !== undefined) return [mapFd];
  if (cgroup !== undefined) return [orders[cgroup.order], cgroup.fd, 0, 0];
  if (task === undefined) return [];
  const { tid = 0, pid = 0, pidFd = 0 } = task as { tid?: number; pid?: number; pidFd?: number };
  return [tid, pid, pidFd];
}
