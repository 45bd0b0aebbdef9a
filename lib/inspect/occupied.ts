/** A hook that has programs, and where it is. */
import type { Hook } from '../attach/hook-query.js';
import type { Netns } from '../attach/network-namespace.js';
import { BpfError } from '../errors/bpf-error.js';
import type { LinkInfo } from '../link/link-info.js';
import type { Flow } from '../native/flow.js';

/** A hook that has programs; `queryHook(section, place)` asks it again, unless its place is marked as one to read. */
export interface OccupiedHook extends Hook {
  /** Of the programs that it takes, as `tcx/ingress`. */
  readonly section: string;
  readonly place: OccupiedPlace;
}

/** Where a hook is. */
export type OccupiedPlace =
  | { readonly cgroup: string }
  | {
      readonly interface: string;
      /** Of a tc filter on clsact. */
      readonly direction?: 'ingress' | 'egress';
      /** To read: the queueing discipline or class that a tc filter is on, as tc writes it: `1:`, `1:a`. */
      readonly parent?: string;
      readonly netns?: Netns;
    }
  | { readonly netns: Netns }
  /** To read: a sockmap or sockhash, by its number; `openMap({ id })` opens it. */
  | { readonly mapId: number }
  /**
   * To read: netfilter, of any network namespace, since its links do not say of which (bpf_nf_link_fill_link_info()
   * in net/netfilter/nf_bpf_link.c).
   */
  | Pick<Extract<LinkInfo, { readonly type: 'netfilter' }>, 'family' | 'hook'>;

/** One hook, or none where it is empty, or where this kernel or interface has no such hook. */
export function* kept(section: string, place: OccupiedPlace, asked: Flow<Hook>): Flow<OccupiedHook[]> {
  try {
    const hook = yield* asked;
    return hook.programs.length === 0 ? [] : [{ section, place, ...hook }];
  } catch (error) {
    if (isCode(error, ...absent)) return [];
    throw error;
  }
}

/** A sockmap with one kind of verdict is busy for the other. */
const absent = ['EBUSY', 'EINVAL', 'EOPNOTSUPP', 'ENOTSUPP', 'ENODEV', 'ENXIO', 'ENOENT'];

/** Whether it is an error with one of these codes. */
export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof BpfError && codes.includes(error.code);
}
