/** `bpf_link_create()`, for hooks that take a target and numbers: what is there to say is said by name. */
import { type Flow, job } from '../native/flow.js';
import { ownNetns } from '../native/interfaces.js';
import type { LinkHandle, LinkMember, Order, Outcome } from '../native/native.js';
import { type AttachRequest, wideList } from './attach-kind.js';

/** Members of `struct bpf_link_create_opts`; the others are 0. */
type LinkMembers = { readonly [Member in LinkMember]?: number | bigint };

/** A hook, and how to attach there. */
interface LinkToCreate {
  /** A descriptor, an interface's index, or 0 where `members` say all. */
  readonly target: number;
  readonly members?: LinkMembers;
  /** A descriptor of the network namespace in which the target is; {@link ownNetns} by default. */
  readonly netns?: number;
}

/** Attaches a program as its section says. */
export function createLink(
  { program }: AttachRequest,
  { target, members = {}, netns = ownNetns }: LinkToCreate,
): Flow<Outcome<LinkHandle>> {
  const names = Object.keys(members) as LinkMember[];
  return job('linkCreate', program, netns, target, names, wideList(Object.values(members)));
}

/** Where among the programs of a hook. */
export function orderMembers(
  hook: 'tcx' | 'netkit' | 'cgroup',
  [flags, relativeFd, relativeId, revision]: Order,
): LinkMembers {
  return {
    flags,
    [`${hook}.relative_fd`]: relativeFd,
    [`${hook}.relative_id`]: relativeId,
    [`${hook}.expected_revision`]: revision,
  };
}
