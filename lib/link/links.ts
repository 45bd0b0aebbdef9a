/** All links of the machine, whoever made them. */

import { BpfError } from '../errors.js';
import { errnoName } from '../native/errno.js';
import { checkOfOthers } from '../native/foreign.js';
import { native } from '../native/native.js';
import { Link } from './link.js';
import type { LinkInfo } from './link-info.js';

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
