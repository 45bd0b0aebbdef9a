/** The kernel's refusals, as the addon gives them: the same numbers on every Linux. */
export const refusals = {
  ENOENT: -2,
  E2BIG: -7,
  EEXIST: -17,
  EINVAL: -22,
  ENOSPC: -28,
  EOPNOTSUPP: -95,
} as const;
