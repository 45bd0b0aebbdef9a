/** Iterators, which run a program for each task, map, socket … when they are read: iter. */
import * as sections from '../kinds/section-kinds.js';
import { IterLink } from '../link/iter-link.js';
import type { WithDescriptor } from '../native/descriptor.js';
import type { Circumstances } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import type { LinkHandle, Outcome } from '../native/native.js';
import type { KernelPlace } from '../native/place.js';
import {
  type Attacher,
  type AttachFailure,
  type AttachKind,
  type AttachRequest,
  capabilities,
  configs,
  fdOf,
} from './attach-kind.js';
import { inCgroup } from './cgroup-directory.js';
import { flagOf, requireOption } from './options-check.js';

/**
 * What an iterator goes over, where its target allows a choice.
 *
 * @since Linux 5.8 (bpf_iter_link_attach() in kernel/bpf/bpf_iter.c)
 */
export interface IterOptions {
  /** Of `iter/bpf_map_elem` and its like: the map whose elements it goes over. */
  readonly map?: KernelPlace;
  /** Of `iter/cgroup`: a directory of the cgroup v2 tree, by its path or `{ fd }`… */
  readonly cgroup?: string | WithDescriptor;
  /** …and which of those around it, in which order. */
  readonly order?: IterOrder;
  /** Of `iter/task` and its like: one thread, one process, or one process by `{ fd }` of a pidfd. */
  readonly task?: { readonly tid: number } | { readonly pid: number } | WithDescriptor;
}

/** `enum bpf_cgroup_iter_order`. */
const orders = { self: 1, descendants_pre: 2, descendants_post: 3, ancestors_up: 4 } as const;

/** In which order an iterator goes over a cgroup and those around it. */
export type IterOrder = keyof typeof orders;

const attachIter: Attacher<IterOptions> = function* (request, options) {
  const { cgroup, order } = options;
  if (cgroup === undefined) return [yield* attachOver(request, wordsOf(options))];
  const given = requireOption(request, 'order', order, 'in which order');
  const word = flagOf(request, 'order', orders, given);
  return yield* inCgroup(request, cgroup, function* (fd) {
    return [yield* attachOver(request, [word, fd, 0, 0])];
  });
};

/** `union bpf_iter_link_info`: three or four 32-bit numbers. */
function attachOver(request: AttachRequest, words: readonly number[]): Flow<Outcome<LinkHandle>> {
  return job('programAttachIter', request.program, new Uint8Array(Uint32Array.from(words).buffer));
}

function wordsOf({ map, task }: Partial<IterOptions>): number[] {
  if (map !== undefined) return [fdOf(map)];
  if (task === undefined) return [];
  const { tid = 0, pid = 0, fd = 0 } = task as { tid?: number; pid?: number; fd?: number };
  return [tid, pid, fd];
}

/** Targets of iterators that go over something of the caller's. */
const ofMaps = ['bpf_map_elem', 'bpf_sk_storage_map', 'sockmap'];

function explainIter({
  options,
  code,
  section,
  target = '',
}: AttachFailure<IterOptions>): Circumstances | undefined {
  const { map, cgroup, task } = options;
  if (ofMaps.includes(target)) {
    if (map === undefined) return missingOption(section, 'which map', 'map');
    return { reason: code === 'EBADF' ? 'there is no map of that descriptor' : 'it goes over other maps' };
  }
  if (target === 'cgroup' && cgroup === undefined) return missingOption(section, 'which cgroup', 'cgroup');
  if (code === 'EBADF' && task !== undefined) return { reason: 'there is no such descriptor of a process' };
  return undefined;
}

function missingOption(section: string, what: string, option: string): Circumstances {
  const reason = `SEC("${section}") does not say ${what}, and neither does the option ${option}`;
  return { reason, hint: `give it: { ${option}: … }` };
}

export const iter = {
  sections: sections.iter,
  since: '5.8',
  later: { 'iter.s+': '5.18' },
  laterTargets: {
    bpf_map_elem: '5.9',
    bpf_prog: '5.9',
    bpf_sk_storage_map: '5.9',
    tcp: '5.9',
    udp: '5.9',
    sockmap: '5.10',
    task_vma: '5.12',
    unix: '5.15',
    bpf_link: '5.19',
    ksym: '6.0',
    cgroup: '6.1',
    kmem_cache: '6.13',
    dmabuf: '6.16',
  },
  // One process or thread alone.
  abilities: { oneTask: '6.1' },
  config: configs.tracing,
  capabilities: capabilities.tracing,
  bySection: true,
  places: { map: 'map' },
  Link: IterLink,
  takes: ['map', 'cgroup', 'order', 'task'],
  attach: attachIter,
  explain: explainIter,
} as const satisfies AttachKind;
