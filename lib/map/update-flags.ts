/** How one entry is read and written: flags of `BPF_MAP_UPDATE_ELEM` and `BPF_MAP_LOOKUP_ELEM` by name. */

import { argumentError, requireOptions } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';

/** Whether a `set` may add, may overwrite, or both. */
export type UpdateFlag = 'any' | 'noexist' | 'exist';

/** `BPF_ANY`, `BPF_NOEXIST`, `BPF_EXIST`. */
const updateFlags: Readonly<Record<UpdateFlag, number>> = { any: 0, noexist: 1, exist: 2 };

/** `BPF_F_LOCK`. */
export const lockFlag = 4;

/** How an entry is read. */
export interface LookupOptions {
  /**
   * Hold the value's `struct bpf_spin_lock` meanwhile (`BPF_F_LOCK`: copy_map_value_locked() in
   * kernel/bpf/helpers.c).
   *
   * @since Linux 5.1
   */
  readonly lock?: boolean;
}

/** How an entry is written. */
export interface UpdateOptions extends LookupOptions {
  /** `any` by default. */
  readonly flag?: UpdateFlag;
}

/**
 * The flags as a number of include/uapi/linux/bpf.h.
 *
 * @param map - its name, for the error of a flag that there is not
 */
export function flagsOf(options: UpdateFlag | UpdateOptions, map: string): number {
  if (options === 'any') return 0; // so do most calls
  if (typeof options !== 'string') requireOptions(`use map ${map}`, options, ['flag', 'lock']);
  const { flag = 'any', lock = false } = typeof options === 'string' ? { flag: options } : options;
  if (!Object.hasOwn(updateFlags, flag)) throw unknownFlag(flag, map);
  return updateFlags[flag] | (lock ? lockFlag : 0);
}

function unknownFlag(flag: string, map: string): BpfError {
  const reason = `there is no flag ${String(flag)}; there are ${Object.keys(updateFlags).join(', ')}`;
  return argumentError(`update map ${map}`, reason);
}
