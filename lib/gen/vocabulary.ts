/** What generated modules may import, and from which door; nothing declared in them is called the same. */
import { scalars } from '../codec/index.js';
import { packageName } from '../package.js';

const ofCodecs = [
  ...Object.keys(scalars),
  'array',
  'bits',
  'bytes',
  'embedded',
  'enumeration',
  'external',
  'flags',
  'ipv4',
  'ipv6',
  'mac',
  'map',
  'perArchitecture',
  'struct',
  'text',
  'union',
  'ValueOf',
];

/** Names that a generated module may import, by door. */
export const vocabulary: ReadonlyMap<string, readonly string[]> = new Map([
  [packageName, ['skeleton']],
  [`${packageName}/codec`, ofCodecs],
]);
