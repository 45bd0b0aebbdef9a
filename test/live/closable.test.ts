/** What closes, closes in one way: at once, once, by each of its doors, and nothing of it stays open. */

import type { Closable } from 'libbpf-ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { closables } from '../support/closables.js';
import { descriptors } from '../support/descriptors.js';
import { need } from '../support/need.js';

const ways: Readonly<Record<string, (thing: Closable) => unknown>> = {
  'close()': thing => thing.close(),
  'closeSync()': thing => thing.closeSync(),
  using: thing => thing[Symbol.dispose](),
  'await using': thing => thing[Symbol.asyncDispose](),
};

describe.each(Object.keys(closables))('%s', name => {
  it.for(Object.keys(ways))('is closed by %s, and again by all', async (way, context) => {
    const { needs, make } = closables[name] as (typeof closables)[string];
    for (const feature of needs) need(context, feature);
    const owned: Closable[] = [];
    onTestFinished(() => closeAll(owned));
    const thing = await make(each => {
      owned.push(each);
      return each;
    });
    const open = descriptors().length;
    expect(thing.closed).toBe(false);
    const ending = ways[way]?.(thing);
    expect(thing.closed).toBe(true);
    await ending;
    expect(descriptors().length).toBeLessThanOrEqual(open);
    const after = descriptors().length;
    for (const again of Object.values(ways)) await again(thing);
    expect([thing.closed, descriptors().length]).toEqual([true, after]);
  });
});

async function closeAll(things: readonly Closable[]): Promise<void> {
  for (const thing of things) await thing.close();
}
