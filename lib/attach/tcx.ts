/** Packets of an interface in the network stack, several programs in an order: tcx, and netkit devices. */
import { type Flow, job } from '../native/flow.js';
import { lackingFor } from '../native/kernel-support.js';
import type { LinkHandle, Outcome } from '../native/native.js';
import { atInterface, type InterfaceOptions, type Place } from './interface.js';
import { occupantsOf } from './occupant.js';
import { type OrderOptions, orderFlags, orderOf } from './order.js';
import { type Meanings, meaning, settled } from './refusal.js';
import type { Attacher, Site } from './site.js';

/** One interface, in the direction that the section says. @since Linux 6.6 */
export interface TcxOptions extends InterfaceOptions, OrderOptions {
  /** `BPF_PROG_ATTACH` makes no link: it lasts until `close()`, also when the process is killed. */
  readonly via?: 'link' | 'prog_attach';
  /** Take the place of this program, in one step and without a link: the descriptor of one that has no link. */
  readonly replace?: { readonly programFd: number };
}

/** One netkit device, at its primary or its peer end, as the section says. @since Linux 6.7 */
export interface NetkitOptions extends TcxOptions {}

type AttachJob = 'programAttachTcx' | 'programAttachNetkit';

/** tcx/ingress, tcx/egress. */
export const attachTcx: Attacher<Partial<TcxOptions>> = ordered('programAttachTcx');

/** netkit/primary, netkit/peer. */
export const attachNetkit: Attacher<Partial<NetkitOptions>> = ordered('programAttachNetkit');

function ordered(name: AttachJob): Attacher<Partial<TcxOptions>> {
  return (site, options) =>
    atInterface(site, options, function* (place) {
      const { via = options.replace === undefined ? 'link' : 'prog_attach' } = options;
      const outcome = yield* via === 'link'
        ? job(name, site.program, place.netns, place.index, ...orderOf(site, options))
        : withoutLink(site, place, options);
      return yield* settled(site, place.where, outcome, meanings(site, place, name));
    });
}

function withoutLink(site: Site, place: Place, options: Partial<TcxOptions>): Flow<Outcome<LinkHandle>> {
  const { replace } = options;
  const [flags, ...relative] = orderOf(site, options, replace === undefined ? 0 : orderFlags.replace);
  const where = [place.netns, place.index, true, flags, replace?.programFd ?? 0] as const;
  return job('programAttachProg', site.program, ...where, ...relative);
}

function meanings(site: Site, { netns, index }: Place, name: AttachJob): Meanings {
  const full = () => occupantsOf(site, index, 'a hook takes 64 programs', { netns });
  const isTcx = name === 'programAttachTcx';
  return {
    EEXIST: meaning('this program is attached there already', 'a program is at a hook once'),
    ERANGE: full,
    ESTALE: meaning('the hook has changed since the expected revision'),
    ENOENT: meaning('the program or link to come before, after or instead of is not there'),
    ...(isTcx && { EINVAL: () => old(site) }),
    ...(!isTcx && { ENXIO: meaning('it is no netkit device', 'ip link add … type netkit') }),
  };
}

// biome-ignore lint/correctness/useYield: a flow without steps
function* old({ section }: Site) {
  const known = lackingFor(section, 'EINVAL');
  return known && { ...known, hint: 'SEC("tc") attaches through clsact instead' };
}
