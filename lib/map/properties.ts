/** What a map of an object will be when it is made, for the comparison with one that is there. */

import { mapKindName, mapKinds } from '../kinds/map-kinds.js';
import { check } from '../native/errno.js';
import { type MapHandle, native } from '../native/native.js';
import { mapFlagsIn } from './map-flags.js';
import type { MapProperties } from './unlike.js';

/** What a new map of the same kind would not take is left out: sizes that were rounded, flags that were added. */
export function propertiesOf(handle: MapHandle): MapProperties {
  const number = (status: number) => check(status, 'describe a map');
  const kind = mapKindName(native().mapType(handle)) ?? 'unspec';
  const { face } = mapKinds[kind];
  const isStream = face === 'ring' || face === 'user-ring';
  return {
    kind,
    keySize: number(native().mapKeySize(handle)),
    ...(!isStream && { valueSize: number(native().mapValueSize(handle)) }),
    ...(!isStream && face !== 'perf-events' && { maxEntries: number(native().mapMaxEntries(handle)) }),
    // A devmap is made read-only for programs by the kernel itself (kernel/bpf/devmap.c).
    ...(face !== 'devices' && { flags: mapFlagsIn(number(native().mapFlags(handle))) }),
  };
}
