/** Packets of an interface, before they are socket buffers: xdp and xdp.frags. */

import { constants } from 'node:os';
import { argumentError } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
import * as sections from '../kinds/section-kinds.js';
import { type Circumstances, failed } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import type { KernelPlace } from '../native/place.js';
import {
  type Attacher,
  type AttachKind,
  type AttachRequest,
  capabilities,
  type ErrorContext,
  fdOf,
  type HookQuery,
} from './attach-kind.js';
import { describePrograms } from './attached-programs.js';
import { createLink } from './create-link.js';
import { xdpHook } from './hook-query.js';
import { atInterface, type InterfaceOptions, type Place } from './interface.js';
import { flagOf } from './options-check.js';
import { type Explanations, explanation, linkOrThrow } from './result.js';

const { EINVAL } = constants.errno;

/** `XDP_FLAGS_SKB_MODE`, `XDP_FLAGS_DRV_MODE`, `XDP_FLAGS_HW_MODE`. */
const modes = { generic: 2, native: 4, offload: 8 } as const;

/** Where XDP runs: in the network stack, in the driver, in the hardware. */
export type XdpMode = keyof typeof modes;

/**
 * One interface, which takes one program.
 *
 * @since Linux 4.8 (dev_change_xdp_fd() in net/core/dev.c)
 */
export interface XdpOptions extends InterfaceOptions {
  /** The driver's, where it has one, else generic, by default. */
  readonly mode?: XdpMode;
  /**
   * Netlink attaches without a link: until `close()`, also when the process is killed. By default it is taken only
   * where the kernel has no links of XDP (before Linux 5.9: bpf_xdp_link_attach() in net/core/dev.c); {@link
   * Link.via} tells.
   */
  readonly via?: 'link' | 'netlink';
  /**
   * Take the place of this program, in one step, over netlink.
   *
   * @since Linux 5.7 (`XDP_FLAGS_REPLACE`, dev_change_xdp_fd() in net/core/dev.c)
   */
  readonly replace?: KernelPlace;
}

const attachXdp: Attacher<XdpOptions> = function* (request, options) {
  const { mode, replace } = options;
  const flags = mode === undefined ? 0 : flagOf(request, 'mode', modes, mode);
  const via = options.via ?? (replace === undefined ? undefined : 'netlink');
  if (via === 'link' && replace !== undefined) throw cannotReplace(request);
  return yield* atInterface(request, options, function* (place) {
    const outcome = yield* via === 'netlink'
      ? byNetlink(request, place, flags, replace === undefined ? 0 : fdOf(replace))
      : byLink(request, place, flags, via === undefined);
    return yield* linkOrThrow(request, place.where, outcome, explanations(place, options, flags));
  });
};

/**
 * EINVAL may mean a kernel before 5.9, without links of XDP (link_create() in kernel/bpf/syscall.c): then netlink
 * decides.
 */
function* byLink(request: AttachRequest, place: Place, flags: number, mayFallBack: boolean) {
  const outcome = yield* createLink(request, { netns: place.netns, target: place.index, members: { flags } });
  if (!mayFallBack || outcome[0] !== -EINVAL) return outcome;
  const second = yield* byNetlink(request, place, flags);
  return failed(second[0]) ? outcome : second;
}

function* byNetlink(request: AttachRequest, { netns, index }: Place, flags: number, replacedFd = 0) {
  return yield* job('programAttachXdpNetlink', request.program, netns, index, flags, replacedFd);
}

function explanations(
  { netns, index }: Place,
  { mode = 'native', replace }: Partial<XdpOptions>,
  flags: number,
): Explanations {
  const hint = replace === undefined ? 'detach it, or take its place: replace' : 'replace names another one';
  const occupied = function* () {
    const [id] = yield* job('xdpQueryId', netns, index, flags);
    return (yield* describePrograms([Number(id)], hint)) ?? (yield* inOtherMode(netns, index));
  };
  const noDriver = explanation(
    `its driver has no XDP of mode ${mode}`,
    "mode: 'generic' works with every driver",
  );
  const refused = mode === 'offload' ? { EINVAL: noDriver } : {};
  return { EBUSY: occupied, EEXIST: occupied, EOPNOTSUPP: noDriver, ERANGE: () => tooLong, ...refused };
}

/**
 * In the stack and in the driver at once the kernel runs none: it names no program then (rtnl_xdp_fill() in
 * net/core/rtnetlink.c).
 */
function* inOtherMode(netns: number, index: number): Flow<Circumstances | undefined> {
  for (const [mode, flag] of Object.entries(modes)) {
    const [id] = yield* job('xdpQueryId', netns, index, flag);
    const known = yield* describePrograms([Number(id)], `detach it, or attach with mode: '${mode}'`);
    if (known !== undefined) return { ...known, reason: `${known.reason}, in mode ${mode}` };
  }
  return undefined;
}

const tooLong: Circumstances = {
  hint: 'its packets may be longer than one buffer: SEC("xdp.frags"), a smaller MTU, or mode: \'generic\'',
};

function cannotReplace({ operation }: ErrorContext): BpfError {
  const reason = 'a new link cannot take the place of a program';
  const hint = 'leave out via, or update the link that is there';
  return argumentError(operation, reason, hint);
}

const queryXdp: HookQuery<InterfaceOptions> = (context, place) =>
  atInterface(context, place, ({ netns, index }) => xdpHook(context, netns, index));

export const xdp = {
  sections: sections.xdp,
  since: '4.8',
  later: { 'xdp.frags': '5.18' },
  abilities: { replace: '5.7', link: '5.9' },
  config: ['NET'],
  capabilities: capabilities.network,
  needs: ['interface'],
  places: { replace: 'program' },
  takes: ['interface', 'netns', 'mode', 'via', 'replace'],
  attach: attachXdp,
  asks: ['interface', 'netns'],
  query: queryXdp,
} as const satisfies AttachKind;
