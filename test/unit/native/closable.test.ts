/** A life that ends once, however often it is told to. */
import { expect, it } from 'vitest';
import { Resource } from '../../../lib/native/closable.js';
import type { Flow } from '../../../lib/native/flow.js';

class Thing extends Resource {
  ends = 0;

  protected get subject(): string {
    return 'thing';
  }

  // biome-ignore lint/correctness/useYield: a flow without steps
  protected *end(): Flow<void> {
    this.ends++;
  }
}

it('ends once, and gives the same promise each time', async () => {
  const thing = new Thing();
  const first = thing.close();
  expect(thing.close()).toBe(first);
  await first;
  expect(thing.close()).toBe(first);
  thing.closeSync();
  thing[Symbol.dispose]();
  await thing[Symbol.asyncDispose]();
  expect([thing.ends, thing.closed]).toEqual([1, true]);
});

it('ends once on this thread', async () => {
  const thing = new Thing();
  thing.closeSync();
  thing.closeSync();
  await thing.close();
  expect(thing.ends).toBe(1);
});
