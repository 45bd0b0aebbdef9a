/**
 * Flags that programs are loaded with (bpf_prog_load() in kernel/bpf/syscall.c): number, first kernel, a type of
 * program that takes each. Pure data.
 */

/** One row of the table. */
export interface ProgramFlagRow {
  /** `BPF_F_…`. */
  readonly flag: number;
  readonly since: string;
  /** `enum bpf_prog_type`; a socket filter takes most. */
  readonly type: number;
  /** The first kernel with that type, where it is younger: before it, the version alone tells. */
  readonly typeSince?: string;
}

/** `BPF_F_STRICT_ALIGNMENT` is `strict_alignment`, and so on. */
export const programFlags = {
  strict_alignment: { flag: 1, since: '4.12', type: 1 },
  any_alignment: { flag: 2, since: '5.0', type: 1 },
  test_rnd_hi32: { flag: 4, since: '5.3', type: 1 },
  test_state_freq: { flag: 8, since: '5.4', type: 1 },
  sleepable: { flag: 16, since: '5.10', type: 31, typeSince: '5.14' },
  xdp_has_frags: { flag: 32, since: '5.18', type: 6 },
  xdp_dev_bound_only: { flag: 64, since: '6.3', type: 6 },
  test_reg_invariants: { flag: 128, since: '6.8', type: 1 },
} as const satisfies Readonly<Record<string, ProgramFlagRow>>;

/** The name of a flag, as `xdp_has_frags`. */
export type ProgramFlagName = keyof typeof programFlags;
