// Opening and loading beside C on libbpf: the example, an object with CO-RE, and one with many programs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, loadSync } from '../../dist/index.js';
import { compileC, root } from './c.mjs';
import { middle, row, short } from './measure.mjs';

const rounds = short ? 1 : 21;
const objects = ['examples/execsnoop/execsnoop.bpf.o', 'test/bpf/core.bpf.o', 'test/bpf/packets.bpf.o'];

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-bench-'));
  try {
    const program = join(folder, 'load');
    compileC('load', program);
    for (const object of objects) await compare(program, join(root, object));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
  const c = () => Number(execFileSync(program, [object, String(rounds)], { encoding: 'utf8' }));
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
