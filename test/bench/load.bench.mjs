// Opening and loading beside C on libbpf: the example, an object with CO-RE, and one with many programs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, loadSync, openSync } from '../../dist/index.js';
import { compileC, root } from './c.mjs';
import { middle, row, short } from './measure.mjs';

const rounds = short ? 1 : 21;
const objects = ['examples/execsnoop/execsnoop.bpf.o', 'test/bpf/core.bpf.o', 'test/bpf/packets.bpf.o'];

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-bench-'));
  try {
    const program = join(folder, 'load');
    compileC('load', program);
    for (const object of objects) await openAgain(program, join(root, object));
    await attachAgain(program);
    for (const object of objects) await compare(program, join(root, object));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The tenth percentile of what takes little: other work runs on the machine too. @param {readonly number[]} times */
function quick(times) {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 10)] ?? Number.NaN;
}

/**
 * @param {string} program
 * @param {string} object
 */
async function openAgain(program, object) {
  const many = short ? 1 : 300;
  const c = Number(execFileSync(program, [object, String(many), 'open'], { encoding: 'utf8' }));
  const ours = [];
  for (let round = 0; round < many + 3; round++) {
    const start = performance.now();
    const opened = openSync(object);
    ours.push((performance.now() - start) * 1000);
    opened.closeSync();
  }
  const name = `${object.split('/').at(-1)}, opened again (was 16 to 35 x, target 4 to 5)`;
  row(name, quick(ours.slice(short ? 0 : 3)), 'us', ['C', c]);
}

/** A tracepoint, attached by its section. @param {string} program */
async function attachAgain(program) {
  const many = short ? 1 : 200;
  const object = join(root, 'test/bpf/sections.bpf.o');
  const c = Number(execFileSync(program, [object, String(many), 'attach', 'tp'], { encoding: 'utf8' }));
  const opened = openSync(object);
  for (const [name, each] of Object.entries(opened.programs)) each.autoload = name === 'tp';
  const bpf = opened.loadSync();
  const tp = /** @type {import('../../dist/index.js').Program} */ (bpf.programs.tp);
  /** @type {Record<string, [attach: () => Promise<import('../../dist/index.js').Link>, goal: string]>} */
  const ways = {
    attachSync: [async () => tp.attachSync(), 'was 1.42, Go 1.08, target 1.1'],
    attach: [() => tp.attach(), 'was 2.2, Go 1.08, target 1.5'],
  };
  for (const [name, [attach, goal]] of Object.entries(ways)) {
    const ours = [];
    for (let round = 0; round < many; round++) {
      const start = performance.now();
      const link = await attach();
      ours.push((performance.now() - start) * 1000);
      link.closeSync();
    }
    row(`a tracepoint, ${name} (${goal})`, quick(ours), 'us', ['C', c]);
  }
  bpf.closeSync();
}

/**
 * Turns of both, because other work runs on the machine too; the first turns compile what they run.
 *
 * @param {string} program
 * @param {string} object
 */
async function compare(program, object) {
  console.log(
    `${object.split('/').at(-1)}, opened and loaded; processor time, medians of ${rounds} rounds beside C`,
  );
  const c = () => Number(execFileSync(program, [object, String(rounds), 'load'], { encoding: 'utf8' }));
  for (const [name, work] of /** @type {const} */ ([
    ['on the main thread', () => loadSync(object)],
    ['off the main thread', () => load(object)],
  ])) {
    const before = c();
    await times(work);
    const ours = middle(await times(work));
    row(name, ours, 'us', ['C', middle([before, c(), c()])]);
  }
}

/** @param {() => ReturnType<typeof load> | ReturnType<typeof loadSync>} work */
async function times(work) {
  const found = [];
  for (let round = 0; round < rounds; round++) {
    const start = process.cpuUsage();
    const bpf = await work();
    const { user, system } = process.cpuUsage(start);
    found.push(user + system);
    await bpf.close();
  }
  return found;
}
