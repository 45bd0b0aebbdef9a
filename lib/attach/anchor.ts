/** Where among the programs of a hook that has several. */

import { argumentError } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
import type { Order } from '../native/native.js';
import type { ErrorContext } from './attach-kind.js';

/** Another program at the same hook, by a descriptor or the kernel's id of it or of its link; or all of them. */
export type Anchor =
  | 'all'
  | { readonly programFd: number }
  | { readonly programId: number }
  | { readonly linkFd: number }
  | { readonly linkId: number };

/** Where among the programs of a hook; after all others by default. */
export interface OrderOptions {
  readonly before?: Anchor;
  readonly after?: Anchor;
  /** Refuse, with `ESTALE`, when the hook has changed since this revision of it. */
  readonly expectedRevision?: bigint;
}

/** `BPF_F_BEFORE` and its like. */
export const orderFlags = { replace: 4, before: 8, after: 16, preorder: 64, link: 1 << 13 } as const;

/** The order as the kernel wants it. @throws BpfError `ERR_BPF_ARGUMENT` for `before` and `after` in one. */
export function orderOf(context: ErrorContext, options: OrderOptions, flags = 0): Order {
  const { before, after, expectedRevision = 0n } = options;
  if (before !== undefined && after !== undefined) throw doubleAnchor(context);
  const side = before === undefined ? (after === undefined ? 0 : orderFlags.after) : orderFlags.before;
  const anchor = before ?? after ?? 'all';
  if (anchor === 'all') return [flags | side, 0, 0, expectedRevision];
  const link = 'linkFd' in anchor || 'linkId' in anchor ? orderFlags.link : 0;
  const { programFd, programId = 0, linkFd = 0, linkId = 0 } = anchor as Record<string, number>;
  return [flags | side | link, programFd ?? linkFd, programId || linkId, expectedRevision];
}

/** True when the order was left to the kernel. */
export function isUnordered({ before, after, expectedRevision }: OrderOptions): boolean {
  return before === undefined && after === undefined && expectedRevision === undefined;
}

function doubleAnchor({ operation }: ErrorContext): BpfError {
  const reason = 'before and after were both given';
  return argumentError(operation, reason, 'give one');
}
