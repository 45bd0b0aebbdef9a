/** A million damaged objects and BTFs: none crashes, hangs, or takes memory without bound. */
import { describe, expect, it } from 'vitest';
import { Coverage } from '../support/coverage.js';
import { damaged, numbers, ownTime, readAll } from '../support/damage.js';
import { inputs } from '../support/damaged-inputs.js';

const runs = Number(process.env.LIBBPF_TS_DAMAGED ?? 1_000_000);
/** How many of them follow what their ancestors reached: V8's counting makes each take much longer. */
const guided = Math.ceil(runs / 50);

const all = inputs();
/** Most on the small ones, which are read soonest. */
const share = (name: string) => Math.ceil(runs * (name.startsWith('small') ? 0.235 : 0.015));

describe.each(all)('$name', ({ name, bytes, regions }) => {
  // A stack for each refusal would be most of the work.
  Error.stackTraceLimit = 0;

  it(`is read or refused, damaged ${share(name)} times`, { timeout: 3_600_000 }, () => {
    const below = numbers(bytes.length);
    let [slowest, wereRead] = [0, 0];
    for (let run = 0; run < share(name); run++) {
      const [start, size] = regions[run % regions.length] ?? expect.fail();
      const input = damaged(bytes, [start, size], below);
      const began = ownTime();
      wereRead += Number(readAll(input, run % 16 === 0));
      slowest = Math.max(slowest, ownTime() - began);
    }
    const { heapUsed, external } = process.memoryUsage();
    console.log(
      `${name}: ${share(name)} inputs, ${wereRead} of them read, the slowest in ${slowest.toFixed(0)} ms`,
    );
    expect(slowest).toBeLessThan(1000);
    expect(heapUsed + external).toBeLessThan(1.5e9);
    expect(wereRead).toBeGreaterThan(0);
    expect(wereRead).toBeLessThan(share(name));
  });
});

describe('an input that reaches what none before did', () => {
  it(`is damaged further, ${guided} times`, { timeout: 3_600_000 }, () => {
    Error.stackTraceLimit = 0;
    const coverage = new Coverage();
    const below = numbers(guided);
    const pool = all.filter(({ name }) => !/rich.*object/.test(name)).map(({ bytes }) => bytes);
    for (const bytes of pool) readAll(bytes, false);
    coverage.isNew();
    const [ways, first] = [coverage.ways, pool.length];
    let slowest = 0;
    for (let run = 0; run < guided; run++) {
      const parent = pool[below(pool.length)] ?? expect.fail();
      const input = damaged(parent, [0, parent.length], below);
      const began = ownTime();
      readAll(input, false);
      slowest = Math.max(slowest, ownTime() - began);
      if (coverage.isNew() && input.length > 0) pool.push(input);
    }
    coverage.stop();
    const found = `${pool.length - first} reached something new: ${ways} ways through functions, then ${coverage.ways}`;
    console.log(`guided: ${guided} inputs, of which ${found}; the slowest in ${slowest.toFixed(0)} ms`);
    expect(coverage.ways).toBeGreaterThan(ways);
    expect(slowest).toBeLessThan(1000);
  });
});
