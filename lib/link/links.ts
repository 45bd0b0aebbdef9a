/** All links of the machine. */

import { BpfError } from '../errors/bpf-error.js';
import { checkById } from '../native/by-id.js';
import { errnoError, errnoName, failed } from '../native/errno.js';
import { type Flow, job, run } from '../native/flow.js';
import { native } from '../native/native.js';
import type { LinkInfo } from './link-info.js';
import { linkInfos } from './parts.js';

/**
 * Describes every link on the machine, by rising ids; links that come or go meanwhile may be missed.
 *
 * @throws BpfError `EPERM` without CAP_SYS_ADMIN (bpf_obj_get_next_id() in kernel/bpf/syscall.c).
 * @since Linux 5.8
 * @example
 * ```ts
 * for await (const { id, type, programId } of links()) console.log(id, type, programId);
 * ```
 */
export async function* links(): AsyncGenerator<LinkInfo, void, undefined> {
  for (const id of linkIds()) {
    const info = await run(linkInfo(id));
    if (info !== undefined) yield info;
  }
}

/**
 * All links that this process may see: none without CAP_SYS_ADMIN (bpf_obj_get_next_id() in kernel/bpf/syscall.c), or
 * where what reads them is not loaded.
 */
export function* linksOfMachine(): Flow<LinkInfo[]> {
  const links: LinkInfo[] = [];
  try {
    for (const id of linkIds()) {
      const info = yield* linkInfo(id);
      if (info !== undefined) links.push(info);
    }
  } catch (error) {
    if (!(error instanceof BpfError && ['EPERM', 'ERR_BPF_PART'].includes(error.code))) throw error;
  }
  return links;
}

const operation = 'list the links of the machine';

function* linkIds(): Generator<number, void, undefined> {
  let id = native().linkNextId(0);
  for (; id > 0; id = native().linkNextId(id)) yield id;
  if (errnoName(id) !== 'ENOENT') checkById(id, operation);
}

/** Undefined for a link that has gone. */
function* linkInfo(id: number): Flow<LinkInfo | undefined> {
  const [handle] = yield* job('linkOpenById', id);
  if (failed(handle)) {
    if (errnoName(handle) !== 'ENOENT') checkById(handle, operation);
    return undefined;
  }
  const info = native().linkInfo(handle);
  yield* job('linkDestroy', handle);
  if (failed(info)) throw errnoError(info, operation);
  return (yield* linkInfos.need(operation)).readLinkInfo(info);
}
