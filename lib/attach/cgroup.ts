/** Control groups: sockets, addresses, options, devices and sysctls of the processes in one. */
import { statfsSync } from 'node:fs';
import { BpfError } from '../errors/bpf-error.js';
import { cgroupMounts } from '../host/cgroup-mounts.js';
import type { Circumstances } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { ownNetns } from '../native/interfaces.js';
import { lackingFor, tooOldFor } from '../native/kernel-support.js';
import type { LinkHandle, Outcome } from '../native/native.js';
import { opened } from './file.js';
import { occupantsOf } from './occupant.js';
import { isUnordered, type OrderOptions, orderFlags, orderOf } from './order.js';
import { type Meanings, meaning, settled } from './refusal.js';
import type { Attacher, Site, Subject } from './site.js';
import { known, wanted } from './wanted.js';

/** `BPF_F_ALLOW_OVERRIDE`, `BPF_F_ALLOW_MULTI`. */
const sharings = { none: 0, override: 1, multi: 2 } as const;

/**
 * One cgroup and those below it. The order options came with Linux 6.17; a link goes before or after links, and a
 * program without one before or after such programs.
 */
export interface CgroupOptions extends OrderOptions {
  /** A directory of the cgroup v2 tree. */
  readonly cgroup: string;
  /** Run before the programs of cgroups further down, not after them. @since Linux 6.15 */
  readonly preorder?: boolean;
  /**
   * `BPF_PROG_ATTACH` makes no link: it lasts until `close()`, or as long as the cgroup when the process is killed.
   * By default it is taken only where the kernel has no such links (before Linux 5.7); {@link Link.via} tells.
   */
  readonly via?: 'link' | 'prog_attach';
  /**
   * Without a link: whether cgroups below may have programs too, that run as well (`multi`, as links are) or
   * instead (`override`), or not (`none`).
   */
  readonly sharing?: keyof typeof sharings;
  /** Take the place of this program, in one step, without a link: its descriptor. @since Linux 5.6 */
  readonly replace?: { readonly programFd: number };
}

/** `CGROUP2_SUPER_MAGIC`. */
const cgroup2 = 0x63677270;

/** cgroup_skb, cgroup/…, sockops and lsm_cgroup. */
export const attachCgroup: Attacher<Partial<CgroupOptions>> = function* (site, options) {
  return yield* inCgroup(site, options.cgroup, function* (fd) {
    const outcome = yield* attachTo(site, fd, options);
    return yield* settled(site, `cgroup ${options.cgroup}`, outcome, meanings(site, fd, options));
  });
};

/** Opens a cgroup for the length of a flow. @throws BpfError where it is none. */
export function* inCgroup<T>(
  site: Subject,
  cgroup: string | undefined,
  use: (fd: number) => Flow<T>,
): Flow<T> {
  const path = wanted(site, 'cgroup', cgroup, 'which cgroup');
  const expected = { operation: site.operation, what: 'a cgroup v2 directory', hint: mountsHint() };
  return yield* opened(path, expected, function* (fd) {
    if (statfsSync(path).type !== cgroup2) throw notCgroup(site, path);
    return yield* use(fd);
  });
}

function* attachTo(site: Site, fd: number, options: Partial<CgroupOptions>): Flow<Outcome<LinkHandle>> {
  const { sharing, replace } = options;
  const via = options.via ?? (sharing === undefined && replace === undefined ? undefined : 'prog_attach');
  if (via === 'prog_attach') return yield* withoutLink(site, fd, options);
  const flags = options.preorder ? orderFlags.preorder : 0;
  const outcome = yield* job('programAttachCgroup', site.program, fd, ...orderOf(site, options, flags));
  const mayFallBack = via === undefined && flags === 0 && isUnordered(options);
  if (!mayFallBack || outcome[0] !== -EINVAL) return outcome;
  const second = yield* withoutLink(site, fd, options);
  return typeof second[0] === 'number' ? outcome : second;
}

function withoutLink(site: Site, fd: number, options: Partial<CgroupOptions>): Flow<Outcome<LinkHandle>> {
  const { sharing = 'multi', replace, preorder } = options;
  const flags =
    known(site, 'sharing', sharings, sharing) |
    (replace === undefined ? 0 : orderFlags.replace) |
    (preorder ? orderFlags.preorder : 0);
  const [all, ...relative] = orderOf(site, options, flags);
  return job(
    'programAttachProg',
    site.program,
    ownNetns,
    fd,
    false,
    all,
    replace?.programFd ?? 0,
    ...relative,
  );
}

function meanings(site: Site, fd: number, options: Partial<CgroupOptions>): Meanings {
  return {
    EPERM: () => exclusive(site, fd),
    ENOENT: meaning('the program or link to come before, after or instead of is not there'),
    ESTALE: meaning('the hook has changed since the expected revision'),
    EINVAL: () => refused(site, fd, options),
  };
}

/** EPERM is the kernel's answer to a program that wants the cgroup, or one above or below it, for itself. */
function* exclusive(site: Site, fd: number): Flow<Circumstances | undefined> {
  const hint =
    'that one shares the cgroup in another way, or not at all: attach with the same sharing, or detach it';
  return yield* occupantsOf(site, fd, hint, { effective: true });
}

function* refused(site: Site, fd: number, options: Partial<CgroupOptions>): Flow<Circumstances | undefined> {
  const { preorder, replace } = options;
  const old =
    lackingFor(site.section, 'EINVAL') ??
    (replace && tooOldFor('cgroup.replace', 'replacing a program of a cgroup')) ??
    (preorder && tooOldFor('cgroup.preorder', 'preorder'));
  if (old) return old;
  if (isUnordered(options)) return yield* occupantsOf(site, fd, 'a program is at a hook of a cgroup once');
  const reason = 'the program to come before or after is held in another way';
  const hint = 'a link goes before or after links, a program without one before or after such programs';
  return tooOldFor('cgroup.order', 'the order of programs in a cgroup') ?? { reason, hint };
}

function mountsHint(): string {
  const mounts = cgroupMounts();
  if (mounts.length === 0)
    return 'cgroup v2 is not mounted here: mount -t cgroup2 none /sys/fs/cgroup/unified';
  return `give a cgroup v2 directory; that tree is mounted at ${mounts.join(' and ')}`;
}

function notCgroup({ operation }: Subject, path: string): BpfError {
  const reason = `${path} is no cgroup v2 directory`;
  return new BpfError({ code: 'EBADF', operation, reason, hint: mountsHint() });
}

/** The same number on every Linux. */
const EINVAL = 22;
