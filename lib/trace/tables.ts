/** Tables of texts that a script's programs look up: each is a map, which is filled when the script is loaded. */

/** How many numbers each has; the last stands for all that are none of its own. */
export const tables = { errors: 135, signals: 66, syscalls: 512 } as const;

export type TextTable = keyof typeof tables;

/** Bytes of a text, with what ends it. */
export const textBytes = 64;
