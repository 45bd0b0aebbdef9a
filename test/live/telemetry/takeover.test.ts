/** An observer begins while the last one closes: sources are attached once, and go with their last user. */
import { setImmediate as turn } from 'node:timers/promises';
import { observe } from 'libbpf-ts/telemetry';
import { expect, it } from 'vitest';
import { openBpf } from '../../support/leaks.js';

/** Closes the first after so many steps of the second's beginning. */
async function takeOver(wait: () => Promise<unknown>, steps: number): Promise<(string | undefined)[]> {
  const settings = { of: 'process', collectors: ['syscalls'] } as const;
  const first = await observe(settings);
  const beginning = observe(settings);
  for (let step = 0; step < steps; step++) await wait();
  first.closeSync();
  await using second = await beginning;
  await second.read();
  return second.report().metrics.map(({ reason }) => reason);
}

it('observes whichever moment of its beginning the last one closed in', async () => {
  await takeOver(turn, 0);
  const before = openBpf().length;
  for (let steps = 0; steps < 30; steps++) {
    expect(await takeOver(() => Promise.resolve(), steps)).toEqual([undefined, undefined]);
    if (steps < 5) expect(await takeOver(turn, steps)).toEqual([undefined, undefined]);
  }
  expect(openBpf().length).toBe(before);
});
