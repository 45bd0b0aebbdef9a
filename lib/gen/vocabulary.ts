/** What generated modules may import, so that nothing declared in them is called the same. */
import { scalars } from '../codec/index.js';

/** Names that a generated module may import from libbpf-ts. */
export const vocabulary: readonly string[] = [
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
  'skeleton',
  'struct',
  'text',
  'union',
  'ValueOf',
];
