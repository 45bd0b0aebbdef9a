/** Sockets, addresses, options, devices and sysctls of the processes in a cgroup: cgroup/…, sockops, lsm_cgroup. */

import { constants } from 'node:os';
import * as laterSections from '../kinds/later-sections.js';
import * as sections from '../kinds/section-kinds.js';
import type { WithDescriptor } from '../native/descriptor.js';
import { type Circumstances, failed } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { ownNetns } from '../native/interfaces.js';
import { tooOld } from '../native/kernel-support.js';
import type { LinkHandle, Outcome } from '../native/native.js';
import type { KernelPlace } from '../native/place.js';
import { isUnordered, type OrderOptions, orderFlags, orderOf, orderPlaces } from './anchor.js';
import {
  type Attacher,
  type AttachKind,
  type AttachRequest,
  capabilities,
  configs,
  fdOf,
  type HookQuery,
} from './attach-kind.js';
import { describeAttached } from './attached-programs.js';
import { inCgroup } from './cgroup-directory.js';
import { createLink, orderMembers } from './create-link.js';
import { nameOfFile } from './file.js';
import { listedHook } from './hook-query.js';
import { missingSupport } from './missing-support.js';
import { flagOf } from './options-check.js';
import { type Explanations, explanation, linkOrThrow } from './result.js';

const { EINVAL } = constants.errno;

/** `BPF_F_ALLOW_OVERRIDE`, `BPF_F_ALLOW_MULTI`. */
const sharings = { none: 0, override: 1, multi: 2 } as const;

/**
 * One cgroup and those below it. The order options came with Linux 6.17; a link goes before or after links, and a
 * program without one before or after such programs (bpf_get_anchor_link() and bpf_get_anchor_prog() in
 * kernel/bpf/cgroup.c).
 *
 * @since Linux 4.10 (cgroup_bpf_prog_attach() in kernel/bpf/cgroup.c)
 */
export interface CgroupOptions extends OrderOptions {
  /** A directory of the cgroup v2 tree, by its path or `{ fd }`. */
  readonly cgroup: string | WithDescriptor;
  /**
   * Run before the programs of cgroups further down, not after them.
   *
   * @since Linux 6.15 (`BPF_F_PREORDER`, compute_effective_progs() in kernel/bpf/cgroup.c)
   */
  readonly preorder?: boolean;
  /**
   * `BPF_PROG_ATTACH` makes no link: it lasts until `close()`, or as long as the cgroup when the process is killed.
   * By default it is taken only where the kernel has no such links (before Linux 5.7: cgroup_bpf_link_attach() in
   * kernel/bpf/cgroup.c); {@link Link.via} tells.
   */
  readonly via?: 'link' | 'prog_attach';
  /**
   * Without a link: whether cgroups below may have programs too, that run as well (`multi`, as links are) or
   * instead (`override`), or not (`none`).
   */
  readonly sharing?: 'none' | 'override' | 'multi';
  /**
   * Take the place of this program, in one step, without a link.
   *
   * @since Linux 5.6 (`BPF_F_REPLACE`, __cgroup_bpf_attach() in kernel/bpf/cgroup.c)
   */
  readonly replace?: KernelPlace;
}

const attachCgroup: Attacher<CgroupOptions> = function* (request, options) {
  return yield* inCgroup(request, options.cgroup, function* (fd) {
    const outcome = yield* attachTo(request, fd, options);
    return yield* linkOrThrow(
      request,
      `cgroup ${options.cgroup && nameOfFile(options.cgroup)}`,
      outcome,
      explanations(request, fd, options),
    );
  });
};

function* attachTo(
  request: AttachRequest,
  fd: number,
  options: Partial<CgroupOptions>,
): Flow<Outcome<LinkHandle>> {
  const { sharing, replace } = options;
  const via = options.via ?? (sharing === undefined && replace === undefined ? undefined : 'prog_attach');
  if (via === 'prog_attach') return yield* attachWithoutLink(request, fd, options);
  const flags = options.preorder ? orderFlags.preorder : 0;
  const members = orderMembers('cgroup', orderOf(request, options, flags));
  const outcome = yield* createLink(request, { target: fd, members });
  const mayFallBack = via === undefined && flags === 0 && isUnordered(options);
  if (!mayFallBack || outcome[0] !== -EINVAL) return outcome;
  const second = yield* attachWithoutLink(request, fd, options);
  return failed(second[0]) ? outcome : second;
}

function attachWithoutLink(
  request: AttachRequest,
  fd: number,
  options: Partial<CgroupOptions>,
): Flow<Outcome<LinkHandle>> {
  const { sharing = 'multi', replace, preorder } = options;
  const flags =
    flagOf(request, 'sharing', sharings, sharing) |
    (replace === undefined ? 0 : orderFlags.replace) |
    (preorder ? orderFlags.preorder : 0);
  const [all, ...relative] = orderOf(request, options, flags);
  return job(
    'programAttachProg',
    request.program,
    ownNetns,
    fd,
    false,
    all,
    replace === undefined ? 0 : fdOf(replace),
    ...relative,
  );
}

function explanations(request: AttachRequest, fd: number, options: Partial<CgroupOptions>): Explanations {
  return {
    EPERM: () => describeExclusive(request, fd),
    ENOENT: explanation('the program or link to come before, after or instead of is not there'),
    ESTALE: explanation('the hook has changed since the expected revision'),
    EINVAL: () => explainInvalid(request, fd, options),
  };
}

/**
 * EPERM is the kernel's answer to a program that wants the cgroup, or one above or below it, for itself
 * (hierarchy_allows_attach() in kernel/bpf/cgroup.c).
 */
function* describeExclusive(request: AttachRequest, fd: number): Flow<Circumstances | undefined> {
  const hint =
    'that one shares the cgroup in another way, or not at all: attach with the same sharing, or detach it';
  return yield* describeAttached(request, fd, hint, { effective: true });
}

function* explainInvalid(
  request: AttachRequest,
  fd: number,
  options: Partial<CgroupOptions>,
): Flow<Circumstances | undefined> {
  const { preorder, replace } = options;
  const old =
    missingSupport(request, 'EINVAL') ??
    (replace && tooOld(cgroup.abilities.replace, 'replacing a program of a cgroup')) ??
    (preorder && tooOld(cgroup.abilities.preorder, 'preorder'));
  if (old) return old;
  if (isUnordered(options))
    return yield* describeAttached(request, fd, 'a program is at a hook of a cgroup once');
  const reason = 'the program to come before or after is held in another way';
  const hint = 'a link goes before or after links, a program without one before or after such programs';
  return tooOld(cgroup.abilities.order, 'the order of programs in a cgroup') ?? { reason, hint };
}

/** Which cgroup; `effective`: with the programs of those above it, as they run. */
export interface CgroupHook extends Pick<CgroupOptions, 'cgroup'> {
  readonly effective?: boolean;
}

const queryCgroup: HookQuery<CgroupHook> = (context, { cgroup: path, effective }) =>
  inCgroup(context, path, fd => listedHook(context, { netns: ownNetns, target: fd }, { effective }));

const inCgroups = {
  capabilities: capabilities.network,
  needs: ['cgroup'],
  places: { ...orderPlaces, replace: 'program' },
  takes: ['cgroup', 'preorder', 'via', 'sharing', 'replace', 'before', 'after', 'expectedRevision'],
  attach: attachCgroup,
  asks: ['cgroup', 'effective'],
  query: queryCgroup,
} as const;

export const cgroup = {
  ...inCgroups,
  sections: sections.cgroup,
  since: '4.10',
  later: laterSections.cgroup,
  abilities: { replace: '5.6', link: '5.7', preorder: '6.15', order: '6.17' },
  config: ['CGROUP_BPF'],
} as const satisfies AttachKind;

export const lsm_cgroup = {
  ...inCgroups,
  sections: sections.lsm_cgroup,
  since: '6.0',
  config: [...configs.trampoline, 'BPF_LSM', 'CGROUP_BPF'],
  capabilities: capabilities.tracing,
  places: { ...orderPlaces, replace: 'program' },
  needsLsm: true,
} as const satisfies AttachKind;
