/** What generated modules may import; nothing declared in them is called the same. */
import { scalars } from '../codec/index.js';
import { mapRowNames } from '../kinds/map-kinds.js';
import { programKindNames } from '../kinds/program-kinds.js';
import { packageName } from '../package.js';

/** The door that has all of it. */
export const moduleDoor = `${packageName}/skeleton`;

/** Names that a generated module may import. */
export const vocabulary: readonly string[] = [
  ...Object.keys(scalars),
  'array',
  'bits',
  'bytes',
  'embedded',
  'enumeration',
  'everyMapRow',
  'external',
  'flags',
  'ipv4',
  'ipv6',
  'mac',
  'map',
  'perArchitecture',
  'skeleton',
  'struct',
  'text',
  'union',
  'ValueOf',
  ...Object.values(mapRowNames),
  ...programKindNames.keys(),
];
