// Maps beside C on libbpf, in one run: a million entries dumped, single lookups and updates, a mapped array.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from '../../dist/index.js';
import { compileC, root } from './c.mjs';
import { middle, row, short } from './measure.mjs';

const entries = short ? 100_000 : 1_000_000;
const rounds = short ? 1 : 5;
const calls = 1000;
const reads = 10_000_000;

/** @typedef {import('../../dist/index.js').BpfMap<number, { calls: bigint, bytes: bigint }>} Flows */
/** @typedef {import('../../dist/index.js').ArrayMap<number, bigint>} Counters */

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-bench-'));
  const bpf = await load(join(root, 'test/bpf/large.bpf.o'));
  try {
    const program = join(folder, 'maps');
    compileC('maps', program);
    const flows = /** @type {Flows} */ (bpf.maps.flows);
    await fill(flows);
    const c = (/** @type {string} */ work, /** @type {{ info: { id: number } }} */ map, count = entries) =>
      Number(execFileSync(program, [work, String(map.info.id), String(count)], { encoding: 'utf8' }));
    const keys = Array.from({ length: 100_000 }, (_, key) => key);
    console.log(
      `a hash of ${entries} entries, u32 to two u64; processor time, medians of ${rounds} rounds beside C`,
    );
    await compare(
      'dump into columns',
      () => c('dump', flows),
      () => columns(flows),
    );
    await compare(
      'dump into objects',
      () => c('dump', flows),
      () => objects(flows),
    );
    await compare(
      'for await',
      () => c('dump', flows),
      () => loop(flows),
    );
    await compare(
      'for of',
      () => c('dump', flows),
      () => walk(flows),
    );
    await compare(
      'look up one',
      () => c('lookup', flows),
      () => lookups(flows),
    );
    await compare(
      'update one',
      () => c('update', flows),
      () => updates(flows),
    );
    await compare(
      'look up one, into memory of your own',
      () => c('lookup', flows),
      () => copies(flows),
    );
    await compare(
      'delete one that is not there',
      () => c('delete', flows),
      () => deletes(flows),
    );
    await compare(
      'getBatch, beside C one by one',
      () => c('lookup-all', flows, 100_000),
      () => perEntry(100_000, async () => (await flows.getBatch(keys)).length),
    );
    const pairs = /** @type {[number, { calls: bigint, bytes: bigint }][]} */ (
      keys.map(key => [key, { calls: BigInt(key), bytes: 2n }])
    );
    await compare(
      'setBatch',
      () => c('update-batch', flows, 100_000),
      () => perEntry(100_000, () => flows.setBatch(pairs)),
    );
    const counters = /** @type {Counters} */ (bpf.maps.counters);
    const array = counters.mmap();
    await compare(
      'read a mapped array, u64',
      () => c('mapped', counters, 512),
      () => mapped(array),
    );
    const words = new Uint32Array(512);
    await compare(
      'the same from a Uint32Array of our own',
      () => c('mapped', counters, 512),
      () => plain(words),
    );
  } finally {
    await bpf.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {Flows} flows */
async function fill(flows) {
  for (let first = 0; first < entries; first += 100_000) {
    const slice = Array.from({ length: 100_000 }, (_, i) => first + i);
    await flows.setBatch(slice.map(key => [key, { calls: BigInt(key), bytes: 2n }]));
  }
}

/**
 * @param {string} work
 * @param {() => number} c nanoseconds
 * @param {() => number | Promise<number>} ours nanoseconds
 */
async function compare(work, c, ours) {
  const times = { c: /** @type {number[]} */ ([]), ours: /** @type {number[]} */ ([]) };
  await ours(); // compiles what it runs
  for (let round = 0; round < rounds; round++) {
    times.c.push(c());
    times.ours.push(await ours());
  }
  row(work, middle(times.ours), 'ns', ['C', middle(times.c)]);
}

/** Nanoseconds of the processor, all threads: other work runs on the machine too. */
function now() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/**
 * @param {number} count
 * @param {() => Promise<number>} work answers how many entries it saw
 */
async function perEntry(count, work) {
  const start = now();
  const seen = await work();
  if (seen !== count) throw new Error(`${seen} of ${count} entries`);
  return (now() - start) / count;
}

/** @param {Flows} flows */
const columns = flows => perEntry(entries, async () => (await flows.snapshot({ as: 'columns' })).length);

/** @param {Flows} flows */
const objects = flows => perEntry(entries, async () => (await flows.snapshot()).length);

/** @param {Flows} flows */
function loop(flows) {
  return perEntry(entries, async () => {
    let count = 0;
    for await (const [key] of flows) if (key >= 0) count++;
    return count;
  });
}

/** @param {Flows} flows */
function walk(flows) {
  return perEntry(entries, async () => {
    let count = 0;
    for (const [key] of flows) if (key >= 0) count++;
    return count;
  });
}

/**
 * Of a call in the best twentieth of the rounds: the others were disturbed.
 *
 * @param {(key: number) => unknown} work
 */
function perCall(work) {
  let kept;
  const next = randomKeys();
  const times = Array.from({ length: short ? 20 : 400 }, () => {
    const start = now();
    for (let i = 0; i < calls; i++) kept = work(next());
    return (now() - start) / calls;
  });
  if (kept === null) throw new Error('nothing was read');
  return times.sort((a, b) => a - b)[times.length / 20] ?? Number.NaN;
}

/** The keys that C takes, in its order. */
function randomKeys() {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % entries;
  };
}

/** @param {Flows} flows */
const lookups = flows => perCall(key => flows.get(key));

/** @param {Flows} flows */
function copies(flows) {
  const bytes = new Uint8Array(flows.valueSize);
  return perCall(key => flows.getInto(key, bytes));
}

/** @param {Flows} flows */
function updates(flows) {
  const value = { calls: 1n, bytes: 2n };
  return perCall(key => flows.set(key, value));
}

/** @param {Flows} flows */
const deletes = flows => perCall(key => flows.delete(2 ** 32 - 1 - key));

/** @param {import('../../dist/index.js').MappedArray<bigint>} array */
function mapped(array) {
  let sum = 0n;
  const start = now();
  for (let i = 0; i < reads; i++) sum = array.get(i & 511);
  if (sum < 0n) throw new Error('nothing was read');
  return (now() - start) / reads;
}

/** @param {Uint32Array} words */
function plain(words) {
  let sum = 0;
  const start = now();
  for (let i = 0; i < reads; i++) sum += words[i & 511] ?? 0;
  if (sum < 0) throw new Error('nothing was read');
  return (now() - start) / reads;
}
