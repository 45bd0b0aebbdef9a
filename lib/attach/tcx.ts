/** Packets of an interface in the network stack, several programs in an order: tcx/ingress and tcx/egress. */

import * as sections from '../kinds/section-kinds.js';
import type { Circumstances } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import type { LinkHandle, Outcome } from '../native/native.js';
import type { KernelPlace } from '../native/place.js';
import { type OrderOptions, orderFlags, orderOf, orderPlaces } from './anchor.js';
import {
  type Attacher,
  type AttachKind,
  type AttachRequest,
  capabilities,
  fdOf,
  type HookQuery,
} from './attach-kind.js';
import { describeAttached } from './attached-programs.js';
import { createLink, orderMembers } from './create-link.js';
import { listedHook } from './hook-query.js';
import { atInterface, type InterfaceOptions, type Place } from './interface.js';
import { missingSupport } from './missing-support.js';
import { type Explanations, explanation, linkOrThrow } from './result.js';

/** One interface, in the direction that the section says. @since Linux 6.6 (tcx_link_attach() in kernel/bpf/tcx.c) */
export interface TcxOptions extends InterfaceOptions, OrderOptions {
  /** `BPF_PROG_ATTACH` makes no link: it lasts until `close()`, also when the process is killed. */
  readonly via?: 'link' | 'prog_attach';
  /** Take the place of this program, in one step and without a link: one that has no link. */
  readonly replace?: KernelPlace;
}

/** What errnos mean at one kind of hook alone. */
type Own = (request: AttachRequest) => Explanations;

/** Attaches in an order at an interface, of which tcx is one and netkit the other. */
export function attachInOrder(hook: 'tcx' | 'netkit', own: Own): Attacher<TcxOptions> {
  return (request, options) =>
    atInterface(request, options, function* (place) {
      const { via = options.replace === undefined ? 'link' : 'prog_attach' } = options;
      const outcome = yield* via === 'link'
        ? createLink(request, {
            netns: place.netns,
            target: place.index,
            members: orderMembers(hook, orderOf(request, options)),
          })
        : attachWithoutLink(request, place, options);
      const known = { ...explanations(request, place), ...own(request) };
      return yield* linkOrThrow(request, place.where, outcome, known);
    });
}

function attachWithoutLink(
  request: AttachRequest,
  place: Place,
  options: Partial<TcxOptions>,
): Flow<Outcome<LinkHandle>> {
  const { replace } = options;
  const [flags, ...relative] = orderOf(request, options, replace === undefined ? 0 : orderFlags.replace);
  const where = [place.netns, place.index, true, flags, replace === undefined ? 0 : fdOf(replace)] as const;
  return job('programAttachProg', request.program, ...where, ...relative);
}

function explanations(request: AttachRequest, { netns, index }: Place): Explanations {
  return {
    EEXIST: explanation('this program is attached there already', 'a program is at a hook once'),
    ERANGE: () => describeAttached(request, index, 'a hook takes 64 programs', { netns }),
    ESTALE: explanation('the hook has changed since the expected revision'),
    ENOENT: explanation('the program or link to come before, after or instead of is not there'),
  };
}

function explainOldKernel(request: AttachRequest): Circumstances | undefined {
  const known = missingSupport(request, 'EINVAL');
  return known && { ...known, hint: 'SEC("tc") attaches through clsact instead' };
}

/** Asks the hook of an interface for its programs. */
export function queryInOrder(attachTypes: Readonly<Record<string, number>>): HookQuery<InterfaceOptions> {
  return (context, place) =>
    atInterface(context, place, ({ netns, index }) =>
      listedHook(context, { netns, target: index }, { attachType: attachTypes[context.section] }),
    );
}

/** `BPF_TCX_INGRESS`, `BPF_TCX_EGRESS`. */
export const tcxAttachTypes = { 'tcx/ingress': 46, 'tc/ingress': 46, 'tcx/egress': 47, 'tc/egress': 47 };

export const tcx = {
  sections: sections.tcx,
  since: '6.6',
  config: ['NET_XGRESS'],
  capabilities: capabilities.network,
  needs: ['interface'],
  places: { ...orderPlaces, replace: 'program' },
  takes: ['interface', 'netns', 'via', 'replace', 'before', 'after', 'expectedRevision'],
  attach: attachInOrder('tcx', request => ({ EINVAL: () => explainOldKernel(request) })),
  asks: ['interface', 'netns'],
  query: queryInOrder(tcxAttachTypes),
} as const satisfies AttachKind;
