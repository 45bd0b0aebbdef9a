/** Flags of maps by name: `BPF_F_…` in lower case. */
import { flagBits } from '../errors/flags.js';

/** `BPF_F_NO_PREALLOC` is `no_prealloc`, and so on. */
export const mapFlags = {
  no_prealloc: 1,
  no_common_lru: 2,
  numa_node: 4,
  rdonly: 8,
  wronly: 16,
  stack_build_id: 32,
  zero_seed: 64,
  rdonly_prog: 128,
  wronly_prog: 256,
  clone: 512,
  mmapable: 1024,
  preserve_elems: 2048,
  inner_map: 4096,
  link: 8192,
  segv_on_fault: 131072,
  no_user_conv: 262144,
  rb_overwrite: 524288,
} as const;

/** The name of a flag. */
export type MapFlag = keyof typeof mapFlags;

/** The number that the kernel takes. */
export function mapFlagsOf(flags: readonly MapFlag[] | number, operation: string): number {
  return flagBits(operation, mapFlags, flags);
}

/** The flags in a number that have names. */
export function mapFlagsIn(flags: number): MapFlag[] {
  return (Object.keys(mapFlags) as MapFlag[]).filter(name => (flags & mapFlags[name]) !== 0);
}

/** The names of the flags in a number, and what has none as `0x80000000`. */
export function mapFlagNames(flags: number): string {
  const names = mapFlagsIn(flags);
  const rest = names.reduce((left, name) => left & ~mapFlags[name], flags) >>> 0;
  return [...names, ...(rest === 0 ? [] : [`0x${rest.toString(16)}`])].join(' | ') || 'none';
}
