/** Flags of maps by name: `BPF_F_…` in lower case. */
import { type FlagList, flagBits, flagsIn } from '../errors/flags.js';

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

/** Flags by their names; a number stands for bits that have none. */
export type MapFlags = FlagList<MapFlag>;

/** The flags as a number of include/uapi/linux/bpf.h. */
export function mapFlagsOf(flags: MapFlags, operation: string): number {
  return flagBits(operation, mapFlags, flags);
}

/** All flags in a number. */
export function mapFlagsIn(flags: number): MapFlags {
  return flagsIn(mapFlags, flags);
}
