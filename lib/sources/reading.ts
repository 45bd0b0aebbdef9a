/** What a source has summed up, by metric and label. */

/** Values in powers of two of a second, with their exact sum. */
export interface Durations {
  /** In nanoseconds. */
  readonly sum: bigint;
  /** `counts[0]` is of the value 0, `counts[n]` of values above `2 ** (lowestPower + n - 2)` seconds, up to twice that. */
  readonly counts: readonly bigint[];
}

/** The least power of two of a second that is told apart: `lowest_power` of sums.bpf.h. */
export const lowestPower = -30;

/** Values by label, of each metric by its number. */
export type ByLabel<Value> = ReadonlyMap<number, Value>;

/** What one owner has. */
export interface SourceReading {
  readonly sums: ReadonlyMap<number, ByLabel<bigint>>;
  readonly durations: ReadonlyMap<number, ByLabel<Durations>>;
  /** How full the maps of the source are, by the entries of all owners. */
  readonly fill: readonly Fill[];
  /** Entries of any owner that found no room in one. */
  readonly missed: bigint;
}

/** How full a map is. */
export interface Fill {
  readonly map: string;
  readonly entries: number;
  readonly limit: number;
}

/** A key of the maps `sums` and `histograms`. */
export interface SumKey {
  readonly slot: number;
  readonly metric: number;
  readonly label: number;
}

/** The entries of a slot, by metric and label. */
export function ofSlot<Value>(
  slot: number,
  entries: readonly (readonly [SumKey, Value])[],
): Map<number, Map<number, Value>> {
  const found = new Map<number, Map<number, Value>>();
  for (const [key, value] of entries) {
    if (key.slot !== slot) continue;
    const labels = found.get(key.metric) ?? new Map<number, Value>();
    found.set(key.metric, labels.set(key.label, value));
  }
  return found;
}
