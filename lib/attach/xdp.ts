/** XDP: packets of an interface, before the kernel makes anything of them. */

import { argumentError } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
import type { Circumstances } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { atInterface, type InterfaceOptions, type Place } from './interface.js';
import { occupants } from './occupant.js';
import { type Meanings, meaning, settled } from './refusal.js';
import type { Attacher, Site } from './site.js';
import { known } from './wanted.js';

/** `XDP_FLAGS_SKB_MODE`, `XDP_FLAGS_DRV_MODE`, `XDP_FLAGS_HW_MODE`. */
const modes = { generic: 2, native: 4, offload: 8 } as const;

/** Where XDP runs: in the network stack, in the driver, in the hardware. */
export type XdpMode = keyof typeof modes;

/** One interface, which takes one program. */
export interface XdpOptions extends InterfaceOptions {
  /** The driver's, where it has one, else generic, by default. */
  readonly mode?: XdpMode;
  /**
   * Netlink attaches without a link: until `close()`, also when the process is killed. By default it is taken only
   * where the kernel has no links of XDP (before Linux 5.9); {@link Link.via} tells.
   */
  readonly via?: 'link' | 'netlink';
  /** Take the place of this program, in one step, over netlink: its descriptor. @since Linux 5.7 */
  readonly replace?: { readonly programFd: number };
}

/** xdp and xdp.frags. */
export const attachXdp: Attacher<Partial<XdpOptions>> = function* (site, options) {
  const { mode, replace } = options;
  const flags = mode === undefined ? 0 : known(site, 'mode', modes, mode);
  const via = options.via ?? (replace === undefined ? undefined : 'netlink');
  if (via === 'link' && replace !== undefined) throw noReplacing(site);
  return yield* atInterface(site, options, function* (place) {
    const outcome = yield* via === 'netlink'
      ? byNetlink(site, place, flags, replace?.programFd)
      : byLink(site, place, flags, via === undefined);
    return yield* settled(site, place.where, outcome, meanings(place, options, flags));
  });
};

/** Kernels without links of XDP say EINVAL, as they do to much else: then netlink has the last word. */
function* byLink(site: Site, place: Place, flags: number, mayFallBack: boolean) {
  const outcome = yield* job('programAttachXdp', site.program, place.netns, place.index, flags);
  if (!mayFallBack || outcome[0] !== -EINVAL) return outcome;
  const second = yield* byNetlink(site, place, flags);
  return typeof second[0] === 'number' ? outcome : second;
}

function* byNetlink(site: Site, { netns, index }: Place, flags: number, replacedFd = 0) {
  return yield* job('programAttachXdpNetlink', site.program, netns, index, flags, replacedFd);
}

function meanings(
  { netns, index }: Place,
  { mode = 'native', replace }: Partial<XdpOptions>,
  flags: number,
): Meanings {
  const hint = replace === undefined ? 'detach it, or take its place: replace' : 'replace names another one';
  const occupied = function* () {
    const [id] = yield* job('xdpQueryId', netns, index, flags);
    return (yield* occupants([Number(id)], hint)) ?? (yield* inOtherMode(netns, index));
  };
  const noDriver = meaning(
    `its driver has no XDP of mode ${mode}`,
    "mode: 'generic' works with every driver",
  );
  const refused = mode === 'offload' ? { EINVAL: noDriver } : {};
  return { EBUSY: occupied, EEXIST: occupied, EOPNOTSUPP: noDriver, ERANGE: tooLong, ...refused };
}

/** In the stack and in the driver at once the kernel runs none: it names no program then. */
function* inOtherMode(netns: number, index: number): Flow<Circumstances | undefined> {
  for (const [mode, flag] of Object.entries(modes)) {
    const [id] = yield* job('xdpQueryId', netns, index, flag);
    const known = yield* occupants([Number(id)], `detach it, or attach with mode: '${mode}'`);
    if (known !== undefined) return { ...known, reason: `${known.reason}, in mode ${mode}` };
  }
  return undefined;
}

// biome-ignore lint/correctness/useYield: a flow without steps
function* tooLong() {
  const hint =
    'its packets may be longer than one buffer: SEC("xdp.frags"), a smaller MTU, or mode: \'generic\'';
  return { hint };
}

function noReplacing({ operation }: Site): BpfError {
  const reason = 'a new link cannot take the place of a program';
  const hint = 'leave out via, or update the link that is there';
  return argumentError(operation, reason, hint);
}

/** The same number on every Linux. */
const EINVAL = 22;
