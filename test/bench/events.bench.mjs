// Events beside C on libbpf, in one run: a filled ring drained, one event a millisecond, an even 200,000 a second.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileC } from './c.mjs';
import { attached, Child, object, ringBytes } from './events-c.mjs';
import { live } from './events-live.mjs';
import { middle, short } from './measure.mjs';

const burst = 500;
const calls = Math.floor(ringBytes / 48 / burst);
const rounds = Number(process.env.LIBBPF_TS_ROUNDS ?? (short ? 1 : 21));
const warmUps = short ? 0 : 5;

/** @typedef {{ time: bigint, sequence: bigint, cpu: number, pid: number, comm: string }} Event */
/** @typedef {import('../../dist/index.js').Batch<Event>} Batch */

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-bench-'));
  try {
    const program = join(folder, 'events');
    compileC('events', program);
    await drains(program);
    await live(program, 1000);
    await live(program, 200_000);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How our own library takes a batch; each answers something, so that nothing is optimized away. */
const ways = {
  /** @param {Batch} batch */
  count: batch => batch.length,
  /** @param {Batch} batch */
  'fields, cursor': batch => {
    let sum = 0;
    const cursor = batch.cursor();
    while (cursor.next()) sum += cursor.record.cpu + cursor.record.pid;
    return sum;
  },
  /** @param {Batch} batch */
  'fields, columns': batch => {
    const { cpu, pid } = batch.columns('cpu', 'pid');
    let sum = 0;
    for (let i = 0; i < batch.length; i++)
      sum += /** @type {number} */ (cpu[i]) + /** @type {number} */ (pid[i]);
    return sum;
  },
  /** @param {Batch} batch */
  objects: batch => {
    let sum = 0;
    for (const event of batch) sum += event.cpu + event.pid + event.comm.length;
    return sum;
  },
  /** @param {Batch} batch */
  'columns, dictionary': batch => {
    const { cpu, pid, comm, time, sequence } = batch.columns('time', 'sequence', 'cpu', 'pid', 'comm');
    const { indices, values } = /** @type {import('../../dist/index.js').TextColumn} */ (comm);
    const lengths = values.map(text => text.length);
    let sum = time.length + sequence.length;
    for (let i = 0; i < batch.length; i++)
      sum +=
        /** @type {number} */ (cpu[i]) +
        /** @type {number} */ (pid[i]) +
        /** @type {number} */ (lengths[/** @type {number} */ (indices[i])]);
    return sum;
  },
};

/** @type {[name: string, way: keyof typeof ways | 'for await', command: string, target: string][]} */
const comparisons = [
  ['count', 'count', 'count', '1.2'],
  ['two fields, cursor', 'fields, cursor', 'fields', '2.5'],
  ['two fields, columns', 'fields, columns', 'fields', '2.5'],
  ['typed objects, in batches', 'objects', 'decode', '3.5'],
  ['all fields as columns', 'columns, dictionary', 'decode', '2.3'],
  ['typed objects, for await', 'for await', 'decode', '-'],
];

/** @param {string} program */
async function drains(program) {
  const c = new Child(program, [object]);
  const bpf = await attached(process.pid, burst);
  console.log(
    `a ring of ${calls * burst} events of 40 bytes, drained: nanoseconds per event, medians of ${rounds} rounds`,
  );
  /** @type {Map<string, { ours: number[], theirs: number[] }>} */
  const times = new Map(comparisons.map(([name]) => [name, { ours: [], theirs: [] }]));
  for (let round = -warmUps; round < rounds; round++) {
    for (const [name, way, command] of comparisons) {
      const [theirs] = (await c.ask(command)).split(' ').map(Number);
      const ours = await drained(bpf, way);
      if (round < 0) continue;
      times.get(name)?.ours.push(ours);
      times.get(name)?.theirs.push(/** @type {number} */ (theirs));
    }
  }
  for (const [name, , , target] of comparisons) {
    const { ours, theirs } = /** @type {{ ours: number[], theirs: number[] }} */ (times.get(name));
    line(name, ours, theirs, target);
  }
  c.end();
  await bpf.close();
}

/**
 * @param {Awaited<ReturnType<typeof attached>>} bpf
 * @param {keyof typeof ways | 'for await'} way
 */
async function drained(bpf, way) {
  for (let call = 0; call < calls; call++) void process.ppid;
  const ring = bpf.maps.events;
  const total = calls * burst;
  let seen = 0;
  let kept = 0;
  // A turn's beginning is not what is measured.
  await new Promise(resolve => setImmediate(resolve));
  const start = performance.now();
  if (way === 'for await') {
    for await (const event of ring) {
      kept += event.pid;
      if (++seen === total) break;
    }
  } else {
    for await (const batch of ring.batches()) {
      kept += ways[way](batch);
      seen += batch.length;
      if (seen === total) break;
    }
  }
  const time = performance.now() - start;
  if (kept === 0) throw new Error('nothing was read');
  return (time / total) * 1e6;
}

/**
 * @param {string} name
 * @param {number[]} ours
 * @param {number[]} theirs
 * @param {string} target
 */
function line(name, ours, theirs, target) {
  const [median, low] = [middle, quick].map(of => (of(ours) / of(theirs)).toFixed(2));
  const times = `${middle(ours).toFixed(2).padStart(7)} ns   C ${middle(theirs).toFixed(2).padStart(6)} ns`;
  console.log(`  ${name.padEnd(28)} ${times}   ${median} x, 10th percentiles ${low} x (target ${target})`);
}

/** @param {number[]} values */
function quick(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 10)] ?? Number.NaN;
}
