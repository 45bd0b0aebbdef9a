/** Fifty thousand damaged files through every call that hands one to libbpf: each is read or refused, soon. */
import { afterAll, describe, expect, it } from 'vitest';
import { shares, Workshop } from '../fuzz/run.js';

const mutants = 50_000;
/** Others than the few that are tried each time. */
const first = 1_000_000;

describe('damaged files', () => {
  const workshop = new Workshop();
  afterAll(() => workshop[Symbol.dispose]());

  it.each(Object.entries(shares))('end no process: %s', { timeout: 3_600_000 }, async (target, share) => {
    const { outcomes, findings } = await workshop.fuzz(target, first, mutants * share);
    console.log(`${target}: ${mutants * share} mutants, ${JSON.stringify(outcomes)}`);
    expect(findings).toEqual([]);
    for (const outcome of ['taken', 'refused', 'screened'])
      if (target !== 'types' || outcome !== 'refused') expect(outcomes[outcome]).toBeGreaterThan(10);
  });
});
