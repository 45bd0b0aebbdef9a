/** What a kernel lacks for a map that it does not make: its version, or an option that it was built without. */

import { isOlderThan, kernelRelease, missingOptions } from '../host/kernel.js';
import { type MapKind, type MapKindName, mapKinds } from '../kinds/map-kinds.js';
import type { Circumstances } from '../native/errno.js';
import { type MapFlag, mapFlags } from './map-flags.js';

/** Flags that came after Linux 5.10, the oldest that this library knows. */
const flagsSince: Readonly<Partial<Record<MapFlag, string>>> = {
  link: '6.4',
  segv_on_fault: '6.9',
  no_user_conv: '6.9',
  rb_overwrite: '6.19',
};

/** The reason why this kernel cannot make such a map; undefined where that is not it. */
export function lackingForMap(kind: MapKindName, flags: number, extra = 0n): Circumstances | undefined {
  return lackingKind(kind) ?? lackingFlag(flags) ?? (extra === 0n ? undefined : tooOld('5.16', 'its extra'));
}

function lackingKind(kind: MapKindName): Circumstances | undefined {
  const { since, config = [] }: MapKind = mapKinds[kind];
  const what = `a map of kind ${kind}`;
  const missing = missingOptions(config).map(option => `CONFIG_${option}`);
  const older = tooOld(since, what);
  if (older !== undefined || missing.length === 0) return older;
  return { reason: `${what} needs a kernel with ${missing.join(' and ')}, and this one was built without` };
}

function lackingFlag(flags: number): Circumstances | undefined {
  const newest = (Object.keys(flagsSince) as MapFlag[]).find(
    flag => (flags & mapFlags[flag]) !== 0 && isOlderThan(flagsSince[flag] ?? '0'),
  );
  return newest && tooOld(flagsSince[newest] ?? '0', `the flag ${newest}`);
}

function tooOld(since: string, what: string): Circumstances | undefined {
  if (!isOlderThan(since)) return undefined;
  return { reason: `${what} needs Linux ${since}, and this is ${kernelRelease}` };
}
