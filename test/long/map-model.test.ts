/** Long random sequences of calls on maps and their models, and long walks in a churn; as root. */
import { createMapSync } from 'libbpf-ts';
import { map, u32, u64 } from 'libbpf-ts/codec';
import { describe, expect, it } from 'vitest';
import { churn, walkAll } from '../support/churn.js';
import { Contended, mapsAgree, queueKeepsAll } from '../support/contended.js';
import { hashAgreesWithMap, perCpuAgreesWithMap, queueAgreesWithArray } from '../support/map-model.js';
import { trieAgreesWithList } from '../support/trie-model.js';

describe.each([1, 2, 3])('a map and its model answer alike, seed %i', seed => {
  const length = { numRuns: 1000, calls: 500, seed };
  it('a hash', () => hashAgreesWithMap(length));
  it('a per-CPU hash', () => perCpuAgreesWithMap(length));
  it('a queue', () => queueAgreesWithArray(length, 'queue'));
  it('a stack', () => queueAgreesWithArray(length, 'stack'));
  it('a trie', () => trieAgreesWithList(length));
});

it.each([4, 5, 6])('answers alike while another thread writes and deletes, seed %i', async seed => {
  await using contended = await Contended.begin();
  mapsAgree(contended, { numRuns: 500, calls: 200, seed });
  await queueKeepsAll(contended, 200_000);
});

it('walks for a minute while another thread writes and deletes, and loses no key that stays', async () => {
  using counts = createMapSync(map('hash', u32, u64), { maxEntries: 4096 });
  for (let key = 0; key < 200; key++) counts.set(key, BigInt(key));
  const report = await walkAll(counts, churn(counts.share(), { from: 10_000, keys: 3000 }), 60_000);
  expect(report).toMatchObject({ lost: [], twice: 0 });
});
