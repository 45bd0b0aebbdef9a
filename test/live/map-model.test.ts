/** Random calls on maps and on models of them; walks while others write and delete. Longer in test/long. */
import type { Worker } from 'node:worker_threads';
import { createMapSync } from 'libbpf-ts';
import { map, u32, u64 } from 'libbpf-ts/codec';
import { describe, expect, it } from 'vitest';
import { walk } from '../../lib/map/walk.js';
import { churn, walkAll } from '../support/churn.js';
import { hashAgreesWithMap, perCpuAgreesWithMap, queueAgreesWithArray } from '../support/map-model.js';
import { trials } from '../support/time.js';
import { trieAgreesWithList } from '../support/trie-model.js';

const length = { numRuns: trials(40), calls: 60, seed: 11 };

describe('a map and its model answer alike', () => {
  it('a hash', () => hashAgreesWithMap(length));
  it('a per-CPU hash', () => perCpuAgreesWithMap(length));
  it('a queue', () => queueAgreesWithArray(length, 'queue'));
  it('a stack', () => queueAgreesWithArray(length, 'stack'));
  it('a trie', () => trieAgreesWithList(length));
});

describe('a walk', () => {
  it('meets every key that stays, once, while another thread writes and deletes', async () => {
    using counts = createMapSync(map('hash', u32, u64), { maxEntries: 4096 });
    for (let key = 0; key < 200; key++) counts.set(key, BigInt(key));
    const writer: Worker = churn(counts.share(), { from: 10_000, keys: 300 });
    const report = await walkAll(counts, writer, 300);
    expect(report.walks).toBeGreaterThan(0);
    expect(report.lost).toEqual([]);
    expect(report.twice).toBe(0);
  });

  it('starts over where its key was deleted, leaves out what it met, and says how often', () => {
    const order = [1, 2, 3, 4].map(n => Uint8Array.of(n));
    let gone = false;
    const next = (key: Uint8Array | null) => {
      if (key === null) return order[0];
      // Somebody deletes 2 just before the key behind it is asked for: the kernel starts over.
      if (key[0] === 2 && !gone) {
        gone = true;
        order.splice(1, 1);
        return order[0];
      }
      return order[order.findIndex(each => each[0] === key[0]) + 1];
    };
    const keys = walk(next, 'm', 16);
    const met: (number | undefined)[] = [];
    let step = keys.next();
    for (; !step.done; step = keys.next()) met.push(step.value[0]);
    expect([met, step.value]).toEqual([[1, 2, 3, 4], { keys: 4, restarts: 1 }]);
  });

  it('ends where writers throw it back for ever', () => {
    const next = () => Uint8Array.of(7);
    expect(() => [...walk(next, 'm', 4, { restarts: 3 })]).toThrow(
      /walk map m: ERR_BPF_BUSY, writers threw it back to the start 4 times; 1 keys were met/,
    );
    let fresh = 0;
    const always = () => new Uint8Array(Uint32Array.of(fresh++).buffer);
    expect(() => [...walk(always, 'm', 4, { restarts: 3 })]).toThrow(/ERR_BPF_BUSY/);
  });

  it('may delete its own keys, and returns what there was', () => {
    using counts = createMapSync(map('hash', u32, u64), { maxEntries: 64 });
    for (let key = 0; key < 64; key++) counts.set(key, 1n);
    const keys = counts.keys({ restarts: 0 });
    let step = keys.next();
    for (; !step.done; step = keys.next()) expect(counts.delete(step.value)).toBe(true);
    expect(step.value).toEqual({ keys: 64, restarts: 0 });
    expect(counts.count()).toBe(0);
  });
});
