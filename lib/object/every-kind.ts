/** All kinds, for objects that are described at run time. */
import { attachKinds } from '../attach/table.js';
import { everyMapRow } from '../map/every-row.js';
import type { Kinds } from './kinds.js';

/** Every way to attach, and every face of maps. */
export function everyKind(): Kinds {
  return { programs: Object.values(attachKinds), maps: everyMapRow };
}
