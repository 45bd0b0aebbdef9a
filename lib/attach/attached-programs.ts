/** Names the programs that are attached at a busy hook. */
import type { LinkInfo } from '../link/link-info.js';
import { linksOfMachine } from '../link/links.js';
import { type Circumstances, failed } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { native } from '../native/native.js';
import type { AttachRequest } from './attach-kind.js';

/** Names the programs of these ids, as `sampler (id 12)`; undefined where there is none. */
export function* describePrograms(ids: readonly number[], hint?: string): Flow<Circumstances | undefined> {
  const names: string[] = [];
  for (const id of ids.filter(each => each > 0)) {
    const [name] = yield* job('programNameById', id);
    names.push(typeof name === 'string' && name !== '' ? `${name} (id ${id})` : `id ${id}`);
  }
  if (names.length === 0) return undefined;
  const who = names.length === 1 ? `program ${names[0]} sits` : `programs ${names.join(', ')} sit`;
  return { reason: `${who} there`, hint };
}

/** The programs at a hook that has a `BPF_PROG_QUERY`. */
export function* describeAttached(
  request: AttachRequest,
  target: number,
  hint?: string,
  { netns = -1, effective = false } = {},
): Flow<Circumstances | undefined> {
  const type = native().programExpectedAttachType(request.program);
  const [answer] = yield* job('progQuery', netns, target, type, effective ? BPF_F_QUERY_EFFECTIVE : 0);
  if (failed(answer)) return undefined;
  return yield* describePrograms([...new Uint32Array(answer.slice().buffer)], hint);
}

/**
 * The program of the only link that fits, for hooks without a list; undefined without CAP_SYS_ADMIN, which listing
 * links takes (bpf_obj_get_next_id() in kernel/bpf/syscall.c).
 */
export function* describeOnlyHolder(
  fits: (link: LinkInfo) => boolean,
  hint?: string,
): Flow<Circumstances | undefined> {
  const ids = (yield* linksOfMachine()).filter(fits).map(link => link.programId);
  return ids.length === 1 ? yield* describePrograms(ids, hint) : undefined;
}

const BPF_F_QUERY_EFFECTIVE = 1;
