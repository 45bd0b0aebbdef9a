/** More than 10,000 random structs, as clang lays them out in both byte orders and gcc on this machine. */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { expectBytes, expectSame, expectValue, gccVariables, variables } from '../support/laid-out.js';
import { layouts, withTail } from '../support/layouts.js';

const batches = Array.from({ length: 14 }, (_, i) => i);

describe.each(batches)('batch %i of 800 random structs', batch => {
  const all = fc.sample(layouts, { numRuns: 700, seed: 1000 + batch });
  const tailed = fc.sample(withTail, { numRuns: 100, seed: 2000 + batch });

  it.each(['bpfel', 'bpfeb'])('for %s: values, bytes, without code generation', target => {
    for (const variable of [...variables(all, target), ...variables(tailed, target)]) {
      expectValue(variable);
      expectBytes(variable);
      expectSame(variable);
    }
  });

  it('for this machine, by gcc', () => {
    for (const variable of gccVariables(all)) {
      expectValue(variable);
      expectBytes(variable);
    }
  });
});
