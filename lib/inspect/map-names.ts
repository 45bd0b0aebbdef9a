/** Names of maps that a program uses. */

import { infoOf } from '../map/info.js';
import { failed } from '../native/errno.js';
import { job, run } from '../native/flow.js';

/** By number; those that are not ours to open are left out. */
export async function mapNames(ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  for (const id of ids) {
    const name = await run(nameOf(id));
    if (name !== undefined) found.set(id, name);
  }
  return found;
}

function* nameOf(id: number) {
  const [handle] = yield* job('mapOpenById', id, 0);
  if (failed(handle)) return undefined;
  try {
    return infoOf(handle).name;
  } finally {
    yield* job('mapClose', handle);
  }
}
