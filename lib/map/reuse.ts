/** Taking a map that is there in place of one that would be made: only where it is the same kind of map. */
import { unlinkSync } from 'node:fs';
import { pinError } from '../native/bpffs.js';
import { check, errnoName, failed } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import type { MapHandle } from '../native/native.js';
import { infoOf } from './info.js';
import { propertiesOf } from './properties.js';
import { unfitMap, unlike } from './unlike.js';

/** What to do with a pinned map that does not fit: refuse, or remove its file. */
export type UnlikePolicy = 'error' | 'replace';

/** @throws BpfError `ERR_BPF_MAP` where the map of a descriptor differs from what `map` would be, with each difference */
export function* requireAlike(map: MapHandle, fd: number, operation: string): Flow<void> {
  const [there] = yield* job('mapOpenFd', fd);
  const differences = yield* differencesOf(check(there, operation), map);
  if (differences.length > 0) throw unfitMap(operation, differences);
}

/** Makes sure that `load()` can take what is pinned to a path, where something is. */
export function* preparePin(
  map: MapHandle,
  path: string,
  operation: string,
  policy: UnlikePolicy,
): Flow<void> {
  const [there] = yield* job('mapOpenPinned', path, 0);
  if (failed(there)) {
    if (errnoName(there) === 'ENOENT') return;
    throw pinError(there, operation, path);
  }
  const differences = yield* differencesOf(there, map);
  if (differences.length === 0) return;
  if (policy === 'error') throw unfitMap(operation, differences);
  unlinkSync(path);
}

/** Closes `there`. */
function* differencesOf(there: MapHandle, map: MapHandle): Flow<readonly string[]> {
  const differences = unlike(infoOf(there), propertiesOf(map));
  yield* job('mapClose', there);
  return differences;
}
