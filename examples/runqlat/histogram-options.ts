/** What tools of the scheduler have in common: the unit of a histogram, and what each is of. */

export const histogramOptions = {
  milliseconds: { type: 'boolean', short: 'm', help: 'in milliseconds; default: microseconds' },
  processes: { type: 'boolean', short: 'P', help: 'a histogram for each process' },
  threads: { type: 'boolean', short: 'L', help: 'a histogram for each thread' },
} as const;

interface Chosen {
  readonly milliseconds?: boolean | undefined;
  readonly processes?: boolean | undefined;
  readonly threads?: boolean | undefined;
}

/** The constants `by` and `unit` of the programs, and what stands above a histogram. */
export function chosenHistograms({ milliseconds = false, processes = false, threads = false }: Chosen) {
  const by = threads ? 2 : processes ? 1 : 0;
  return {
    constants: { by, unit: milliseconds ? 1_000_000n : 1000n },
    unit: milliseconds ? 'msecs' : 'usecs',
    labelOf: (key: number): Record<string, number> => (by === 0 ? {} : { [by === 1 ? 'pid' : 'tid']: key }),
  };
}
