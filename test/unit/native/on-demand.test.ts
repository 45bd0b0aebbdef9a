/** Parts of the library that are loaded when they are needed, and what is said where they cannot be. */
import { expect, it } from 'vitest';
import { run, runSync } from '../../../lib/native/flow.js';
import { OnDemand } from '../../../lib/native/on-demand.js';

const unreachable = () =>
  new OnDemand<{ answer: number }>('nowhere/part', async () => {
    throw new Error('EMFILE: too many open files');
  });

it('a part is loaded once, and calls that do not wait have it then', async () => {
  let loads = 0;
  const part = new OnDemand('nowhere/part', async () => ({ answer: ++loads }));
  expect(runSync(part.find())).toBeUndefined();
  expect(await run(part.find())).toEqual({ answer: 1 });
  expect(runSync(part.need('ask'))).toEqual({ answer: 1 });
  expect(loads).toBe(1);
});

it('preload makes it ready for calls that do not wait', async () => {
  const part = new OnDemand('nowhere/part', async () => ({ answer: 1 }));
  await part.load();
  expect(runSync(part.need('ask'))).toEqual({ answer: 1 });
});

it('what can do without goes on without', async () => {
  expect(await run(unreachable().find())).toBeUndefined();
});

it('what cannot says which part, why, and what to do', async () => {
  await expect(run(unreachable().need('test run of program guard'))).rejects.toMatchObject({
    code: 'ERR_BPF_PART',
    message: expect.stringMatching(
      /^test run of program guard: ERR_BPF_PART, nowhere\/part of libbpf-ts is not loaded \(await preload\(\)/,
    ),
    cause: expect.objectContaining({ message: 'EMFILE: too many open files' }),
  });
});

it('an attempt that failed is made again', async () => {
  let attempts = 0;
  const part = new OnDemand('nowhere/part', async () => {
    if (++attempts === 1) throw new Error('EMFILE');
    return { attempts };
  });
  expect(await run(part.find())).toBeUndefined();
  expect(await run(part.find())).toEqual({ attempts: 2 });
});
