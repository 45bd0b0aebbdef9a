/** Flags of maps: the first kernel of each, and a map that shows whether it is known. Pure data. */
import type { LinkTypeName } from './link-types.js';
import type { MapKindName } from './map-kinds.js';

/** One row of the table. */
export interface MapFlagProbe {
  readonly since: string;
  readonly kind: MapKindName;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  /** Flags that the kind wants beside it. */
  readonly with?: number;
  readonly config?: readonly string[];
  /** No map shows it, for want of a table's type; the kernel has links of this type since it has the flag. */
  readonly shownBy?: LinkTypeName;
}

const hash = { kind: 'hash', keySize: 4, valueSize: 4, maxEntries: 1 } as const;
const array = { ...hash, kind: 'array' } as const;
const arena = { kind: 'arena', keySize: 0, valueSize: 0, maxEntries: 1, with: 1024 } as const;
const needsJit = { config: ['BPF_JIT', 'MMU', '64BIT'] } as const;

/** By the names of `mapFlags`. */
export const mapFlagProbes = {
  no_prealloc: { ...hash, since: '4.6' },
  no_common_lru: { ...hash, kind: 'lru_hash', since: '4.10' },
  numa_node: { ...hash, since: '4.14' },
  rdonly: { ...hash, since: '4.15' },
  wronly: { ...hash, since: '4.15' },
  stack_build_id: { ...hash, kind: 'stack_trace', valueSize: 32, since: '4.17', config: ['PERF_EVENTS'] },
  zero_seed: { ...hash, since: '5.0' },
  rdonly_prog: { ...array, since: '5.2' },
  wronly_prog: { ...array, since: '5.2' },
  clone: { ...hash, kind: 'sk_storage', maxEntries: 0, with: 1, since: '5.4', config: ['NET'] },
  mmapable: { ...array, since: '5.5' },
  preserve_elems: { ...array, kind: 'perf_event_array', since: '5.10', config: ['PERF_EVENTS'] },
  inner_map: { ...array, since: '5.10' },
  link: { ...array, kind: 'struct_ops', since: '6.4', shownBy: 'struct_ops' },
  segv_on_fault: { ...arena, ...needsJit, since: '6.9' },
  no_user_conv: { ...arena, ...needsJit, since: '6.9' },
  rb_overwrite: { kind: 'ringbuf', keySize: 0, valueSize: 0, maxEntries: 65_536, since: '6.19' },
} as const satisfies Readonly<Record<string, MapFlagProbe>>;

/** The name of a flag that can be asked for. */
export type MapFlagProbeName = keyof typeof mapFlagProbes;
