/** All links of the machine, whoever made them. */

import { BpfError } from '../errors/bpf-error.js';
import { errnoName } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { checkOfOthers } from '../native/foreign.js';
import { native } from '../native/native.js';
import { Link } from './link.js';
import { type LinkInfo, readLinkInfo } from './link-info.js';

/**
 * What the kernel tells of every link on the machine, by rising ids; links that come or go meanwhile may be missed.
 *
 * @throws BpfError `EPERM` without CAP_SYS_ADMIN.
 * @since Linux 5.8
 * @example
 * ```ts
 * for await (const { id, type, programId } of links()) console.log(id, type, programId);
 * ```
 */
export async function* links(): AsyncGenerator<LinkInfo, void, undefined> {
  for (let id = nextId(0); id !== undefined; id = nextId(id)) {
    const info = await infoOf(id);
    if (info !== undefined) yield info;
  }
}

function nextId(id: number): number | undefined {
  const next = native().linkNextId(id);
  if (next < 0 && errnoName(next) === 'ENOENT') return undefined;
  return checkOfOthers(next, 'list the links of the machine');
}

/** Undefined for a link that has gone. */
async function infoOf(id: number): Promise<LinkInfo | undefined> {
  try {
    const link = await Link.open(id);
    const { info } = link;
    await link.close();
    return info;
  } catch (error) {
    if (error instanceof BpfError && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** All links that this process may see: none without CAP_SYS_ADMIN. */
export function* linksOfMachine(): Flow<LinkInfo[]> {
  const links: LinkInfo[] = [];
  for (let id = native().linkNextId(0); id > 0; id = native().linkNextId(id)) {
    const link = yield* linkInfo(id);
    if (link !== undefined) links.push(link);
  }
  return links;
}

/** Undefined for a link that has gone, and where this process may not open it. */
function* linkInfo(id: number): Flow<LinkInfo | undefined> {
  const [handle] = yield* job('linkById', id);
  if (typeof handle === 'number') return undefined;
  const info = native().linkInfo(handle);
  yield* job('linkDestroy', handle);
  return typeof info === 'number' ? undefined : readLinkInfo(info);
}
