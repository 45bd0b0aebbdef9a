/** Damaged files through every call that hands one to libbpf: some hundred here, thousands in `test/long`. */
import { afterAll, describe, expect, it } from 'vitest';
import { shares, Workshop } from '../fuzz/run.js';
import { need } from '../support/need.js';

/** `LIBBPF_TS_MUTANTS=50000 npm run test:sanitize -- test/live/files.test.ts` tries more. */
const mutants = Number(process.env.LIBBPF_TS_MUTANTS ?? 1000);

describe('damaged files', () => {
  const workshop = new Workshop();
  afterAll(() => workshop[Symbol.dispose]());

  for (const [target, share] of Object.entries(shares))
    it(`end no process: ${target}`, { timeout: 60_000 + 400 * mutants }, async context => {
      if (target === 'traced') need(context, 'usdt');
      const { outcomes, findings } = await workshop.fuzz(target, 1, mutants * share);
      console.log(`${target}: ${JSON.stringify(outcomes)}`);
      expect(findings).toEqual([]);
      expect(outcomes.screened).toBeGreaterThan(0);
      expect(outcomes.taken).toBeGreaterThan(0);
    });
});
