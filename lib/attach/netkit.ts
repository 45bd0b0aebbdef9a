/** Packets of a netkit device, at its ends: netkit/primary and netkit/peer. */

import * as sections from '../kinds/section-kinds.js';
import { orderPlaces } from './anchor.js';
import { type AttachKind, capabilities } from './attach-kind.js';
import { explanation } from './result.js';
import { attachInOrder, queryInOrder, type TcxOptions } from './tcx.js';

/**
 * One netkit device, at its primary or its peer end, as the section says.
 *
 * @since Linux 6.7 (netkit_link_attach() in drivers/net/netkit.c)
 */
export interface NetkitOptions extends TcxOptions {}

/** `BPF_NETKIT_PRIMARY`, `BPF_NETKIT_PEER`. */
export const netkitAttachTypes = { 'netkit/primary': 54, 'netkit/peer': 55 };

export const netkit = {
  sections: sections.netkit,
  since: '6.7',
  config: ['NETKIT'],
  capabilities: capabilities.network,
  needs: ['interface'],
  places: { ...orderPlaces, replace: 'program' },
  takes: ['interface', 'netns', 'via', 'replace', 'before', 'after', 'expectedRevision'],
  attach: attachInOrder('netkit', () => ({
    ENXIO: explanation('it is no netkit device', 'ip link add … type netkit'),
  })),
  asks: ['interface', 'netns'],
  query: queryInOrder(netkitAttachTypes),
} as const satisfies AttachKind;
