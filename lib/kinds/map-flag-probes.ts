/**
 * Flags of maps (`BPF_F_…` in include/uapi/linux/bpf.h): the first kernel of each, and a map that shows whether it is
 * known. Pure data.
 */
import type { LinkTypeName } from './link-types.js';
import type { MapKindName } from './map-kinds.js';
import type { MapShape } from './map-shapes.js';

/** One row of the table. */
export interface MapFlagProbe {
  readonly since: string;
  readonly kind: MapKindName;
  /** What differs from the smallest map of the kind. */
  readonly shape?: Partial<MapShape>;
  readonly config?: readonly string[];
  /** No map shows it, for want of a table's type; links of this type came with the flag. */
  readonly shownBy?: LinkTypeName;
}

const needsJit = { config: ['BPF_JIT', 'MMU', '64BIT'] } as const;
const needsEvents = { config: ['PERF_EVENTS'] } as const;

/** By the names of `mapFlags`. */
export const mapFlagProbes = {
  no_prealloc: { kind: 'hash', since: '4.6' },
  no_common_lru: { kind: 'lru_hash', since: '4.10' },
  numa_node: { kind: 'hash', since: '4.14' },
  rdonly: { kind: 'hash', since: '4.15' },
  wronly: { kind: 'hash', since: '4.15' },
  stack_build_id: { kind: 'stack_trace', shape: { valueSize: 32 }, since: '4.17', ...needsEvents },
  zero_seed: { kind: 'hash', since: '5.0' },
  rdonly_prog: { kind: 'array', since: '5.2' },
  wronly_prog: { kind: 'array', since: '5.2' },
  clone: { kind: 'sk_storage', since: '5.4', config: ['NET'] },
  mmapable: { kind: 'array', since: '5.5' },
  preserve_elems: { kind: 'perf_event_array', since: '5.10', ...needsEvents },
  inner_map: { kind: 'array', since: '5.10' },
  link: { kind: 'struct_ops', since: '6.4', shownBy: 'struct_ops' },
  segv_on_fault: { kind: 'arena', ...needsJit, since: '6.9' },
  no_user_conv: { kind: 'arena', ...needsJit, since: '6.9' },
  rb_overwrite: { kind: 'ringbuf', since: '6.19' },
} as const satisfies Readonly<Record<string, MapFlagProbe>>;

/** The name of a flag that can be asked for. */
export type MapFlagProbeName = keyof typeof mapFlagProbes;
