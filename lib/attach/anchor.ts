/** Where among the programs of a hook that has several. */

import { argumentError } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
import type { Order } from '../native/native.js';
import type { KernelPlace } from '../native/place.js';
import type { ErrorContext } from './attach-kind.js';

/** Another program at the same hook, or the link that holds it; or all of them. */
export type Anchor = 'all' | { readonly program: KernelPlace } | { readonly link: KernelPlace };

/** Where among the programs of a hook; after all others by default. */
export interface OrderOptions {
  readonly before?: Anchor;
  readonly after?: Anchor;
  /**
   * Refuse, with `ESTALE`, when the hook has changed since this revision of it (bpf_mprog_attach() in
   * kernel/bpf/mprog.c, __cgroup_bpf_attach() in kernel/bpf/cgroup.c).
   */
  readonly expectedRevision?: bigint;
}

/** The options of an order that name something else. */
export const orderPlaces = { before: 'anchor', after: 'anchor' } as const;

/** `BPF_F_BEFORE` and its like. */
export const orderFlags = { replace: 4, before: 8, after: 16, preorder: 64, link: 1 << 13 } as const;

/**
 * The order as flags and an anchor of `BPF_LINK_CREATE` and `BPF_PROG_ATTACH`.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for `before` and `after` in one.
 */
export function orderOf(context: ErrorContext, options: OrderOptions, flags = 0): Order {
  const { before, after, expectedRevision = 0n } = options;
  if (before !== undefined && after !== undefined) throw doubleAnchor(context);
  const side = before === undefined ? (after === undefined ? 0 : orderFlags.after) : orderFlags.before;
  const anchor = before ?? after ?? 'all';
  if (anchor === 'all') return [flags | side, 0, 0, expectedRevision];
  const isLink = 'link' in anchor;
  const { fd = 0, id = 0 } = (isLink ? anchor.link : anchor.program) as { fd?: number; id?: number };
  const isId = fd === 0 && id !== 0;
  return [flags | side | (isLink ? orderFlags.link : 0), isId ? 0 : fd, isId ? id : 0, expectedRevision];
}

/** True when no order was asked for. */
export function isUnordered({ before, after, expectedRevision }: OrderOptions): boolean {
  return before === undefined && after === undefined && expectedRevision === undefined;
}

function doubleAnchor({ operation }: ErrorContext): BpfError {
  const reason = 'before and after were both given';
  return argumentError(operation, reason, 'give one');
}
