/** Maps and models of them while another thread writes and deletes beside: its keys come and go, ours do as we say. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { createMapSync } from 'libbpf-ts';
import { map, u32, u64 } from 'libbpf-ts/codec';
import { expect } from 'vitest';
import type { Length } from './map-model.js';

const capacity = 4096;

/** One map of each kind, and a thread that changes them until it is told to end. */
export class Contended implements AsyncDisposable {
  readonly hash = createMapSync(map('hash', u32, u64), { maxEntries: capacity });
  readonly hits = createMapSync(map('percpu_hash', u32, u32), { maxEntries: capacity });
  readonly routes = createMapSync(map('lpm_trie', undefined, u64), {
    maxEntries: capacity,
    keySize: 8,
    flags: ['no_prealloc'],
  });
  readonly queue = createMapSync(map('queue', undefined, u64), { maxEntries: capacity });
  readonly #worker: Worker;

  private constructor() {
    const maps = [this.hash, this.hits, this.routes, this.queue];
    const workerData = Object.fromEntries(maps.map(each => [each.kind, each.share()]));
    this.#worker = new Worker(rival, { eval: true, workerData });
  }

  /** @returns once the other thread is at work */
  static async begin(): Promise<Contended> {
    const contended = new Contended();
    await once(contended.#worker, 'message');
    return contended;
  }

  /** Ends the other thread: what it pushed, and what it popped, in its order. */
  async end(): Promise<{ readonly pushed: bigint; readonly popped: readonly bigint[] }> {
    this.#worker.postMessage('end');
    const [report] = await once(this.#worker, 'message');
    await once(this.#worker, 'exit');
    return report;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
    for (const kind of [this.hash, this.hits, this.routes, this.queue]) kind.closeSync();
  }
}

/** Keys from 1000 on, prefixes of 192.0.0.0/16, and the numbers from 0 on in the queue. */
const rival = `
  const { parentPort, workerData } = require('node:worker_threads');
  Promise.all([import('libbpf-ts'), import('libbpf-ts/codec')]).then(([{ openMapSync }, { map, u32, u64 }]) => {
    const open = (kind, key, value) => openMapSync(workerData[kind], map(kind, key, value));
    const hash = open('hash', u32, u64);
    const hits = open('percpu_hash', u32, u32);
    const routes = open('lpm_trie', undefined, u64);
    const queue = open('queue', undefined, u64);
    const popped = [];
    let round = 0;
    let pushed = 0n;
    let ended = false;
    const attempt = work => {
      try { return work(); } catch (error) { if (!['EBUSY', 'ETIMEDOUT', 'E2BIG'].includes(error.code)) throw error; }
    };
    const some = () => {
      for (let n = 0; n < 20; n++, round++) {
        const [one, other] = [round % 500, (round * 7) % 500];
        attempt(() => hash.set(1000 + one, 1n).delete(1000 + other));
        attempt(() => hits.setAll(1000 + one, 1).delete(1000 + other));
        attempt(() => routes.set('192.0.' + (one % 250) + '.0/24', 1n).delete('192.0.' + (other % 250) + '.0/24'));
        if (round % 2 && attempt(() => queue.push(pushed))) pushed++;
        if (round % 3 === 0) popped.push(attempt(() => queue.pop()));
      }
      if (!ended) return setImmediate(some);
      for (const each of [hash, hits, routes, queue]) each.closeSync();
      parentPort.postMessage({ pushed, popped: popped.filter(value => value !== undefined) });
    };
    parentPort.once('message', () => { ended = true; });
    some();
    parentPort.postMessage('begun');
  });`;

/** What maps by key have in common here. */
interface Keyed<K, E> {
  get(key: K): E | undefined;
  set(key: K, entry: E, flag: 'any' | 'noexist' | 'exist'): unknown;
  delete(key: K): boolean;
  keys(options: { restarts: number }): Iterable<K>;
}

/** Random calls with our keys: the map answers as a Map does, whatever the other thread does with its own. */
function agrees<K extends string | number, E>(
  { numRuns, calls, seed }: Length,
  kept: Keyed<K, E>,
  key: fc.Arbitrary<K>,
  entry: fc.Arbitrary<E>,
  isOurs: (key: K) => boolean,
): void {
  const flag = fc.constantFrom('any' as const, 'noexist' as const, 'exist' as const);
  const call = fc.record({ how: fc.constantFrom('set', 'get', 'delete'), key, entry, flag });
  const property = fc.property(fc.array(call, { minLength: 1, maxLength: calls }), sequence => {
    const model = new Map<K, E>();
    for (const each of sequence) expect(answer(kept, each)).toEqual(expected(model, each));
    const walked = new Set([...kept.keys({ restarts: 100_000 })].filter(isOurs));
    expect([...walked].sort()).toEqual([...model.keys()].sort());
    for (const each of model.keys()) kept.delete(each);
  });
  // What a failure leaves in the map would mislead the search for a shorter one.
  fc.assert(property, { numRuns, seed, endOnFailure: true });
}

interface Call<K, E> {
  readonly how: string;
  readonly key: K;
  readonly entry: E;
  readonly flag: 'any' | 'noexist' | 'exist';
}

function answer<K, E>(kept: Keyed<K, E>, { how, key, entry, flag }: Call<K, E>): unknown {
  if (how === 'get') return kept.get(key);
  if (how === 'delete') return unhindered(() => kept.delete(key));
  return unhindered(() => kept.set(key, entry, flag) && 'set');
}

/** The answer or the error's code; a lock that the kernel did not get is asked for again. */
function unhindered(call: () => unknown): unknown {
  for (;;) {
    try {
      return call();
    } catch (error) {
      const { code = '' } = error as { code?: string };
      if (!['EBUSY', 'ETIMEDOUT'].includes(code)) return code;
    }
  }
}

function expected<K, E>(model: Map<K, E>, { how, key, entry, flag }: Call<K, E>): unknown {
  if (how === 'get') return model.get(key);
  if (how === 'delete') return model.delete(key);
  if (flag === 'noexist' && model.has(key)) return 'EEXIST';
  if (flag === 'exist' && !model.has(key)) return 'ENOENT';
  model.set(key, entry);
  return 'set';
}

/** Hash, per-CPU hash and trie, each beside its model. */
export function mapsAgree({ hash, hits, routes }: Contended, length: Length): void {
  const number = fc.integer({ min: 0, max: 11 });
  const long = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const each = fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), {
    minLength: hits.cpus,
    maxLength: hits.cpus,
  });
  agrees<number, bigint>(length, hash, number, long, key => key < 1000);
  agrees<number, number[]>(length, hits, number, each, key => key < 1000);
  const tries: Keyed<string, bigint> = {
    get: prefix => routes.match(prefix),
    set: (prefix, value, flag) => routes.set(prefix, value, flag),
    delete: prefix => routes.delete(prefix),
    keys: options => routes.keys(options),
  };
  const prefix = number.map(third => `10.0.${third}.0/24`);
  agrees(length, tries, prefix, long, key => key.startsWith('10.'));
}

/** Our numbers in the queue. */
const first = 2n ** 32n;

/** Whatever two threads push is popped once, by one of them, in the order of whoever pushed it. */
export async function queueKeepsAll(contended: Contended, count: number): Promise<void> {
  const { queue } = contended;
  const popped: bigint[] = [];
  let pushed = 0n;
  for (let n = 0; n < count; n++) {
    if (n % 3 > 0 && unhindered(() => queue.push(first + pushed) && 'pushed') === 'pushed') pushed++;
    const value = unhindered(() => queue.pop());
    if (typeof value === 'bigint') popped.push(value);
  }
  const other = await contended.end();
  popped.push(...queue.drain());
  expect(other.pushed).toBeGreaterThan(0n);
  expect(disorder(popped)).toEqual([]);
  expect(disorder(other.popped)).toEqual([]);
  const all = [...popped, ...other.popped].sort((a, b) => (a < b ? -1 : 1));
  const wanted = (from: bigint, count: bigint) =>
    Array.from({ length: Number(count) }, (_, n) => from + BigInt(n));
  expect(all).toEqual([...wanted(0n, other.pushed), ...wanted(first, pushed)]);
}

/** Values that came after a later one of the same thread. */
function disorder(values: readonly bigint[]): bigint[] {
  const latest = new Map<boolean, bigint>();
  return values.filter(value => {
    const ours = value >= first;
    const late = value < (latest.get(ours) ?? -1n);
    latest.set(ours, value);
    return late;
  });
}
