/** Maps without elements for user space, used by their descriptor. */
import type { MapKindName } from '../kinds/map-kinds.js';
import { MapBase } from './map-state.js';

/** A map without keys and values of its own for JavaScript: name, kind, sizes and descriptor. */
export class OpaqueMap<Kind extends MapKindName = MapKindName> extends MapBase<Kind> {}
