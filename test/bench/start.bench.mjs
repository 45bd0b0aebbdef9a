// How long programs take from start to end: one that imports what a generated module needs, and commands, beside Node that
// does nothing and beside bpftool.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './c.mjs';
import { short } from './measure.mjs';

const rounds = short ? 1 : 25;
const main = join(root, 'dist/cli/main.js');
const door = pathToFileURL(join(root, 'dist/doors/skeleton.js')).href;
const object = join(root, 'examples/execsnoop/execsnoop.bpf.o');
const kernel = '/sys/kernel/btf/vmlinux';

/** @type {Readonly<Record<string, readonly [program: string, ...args: string[]]>>} */
const programs = {
  node: [process.execPath, '--input-type=module', '-e', ''],
  import: [process.execPath, '--input-type=module', '-e', `import ${JSON.stringify(door)}`],
  version: [process.execPath, main, '--version'],
  vmlinux: [process.execPath, main, 'vmlinux'],
  generate: [process.execPath, main, 'generate', object, '-o', '/dev/null'],
  'bpftool btf dump': ['bpftool', 'btf', 'dump', 'file', kernel, 'format', 'c'],
};

export async function run() {
  /** @type {Record<string, number[]>} */
  const times = Object.fromEntries(Object.keys(programs).map(name => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, [program, ...args]] of Object.entries(programs))
      times[name]?.push(timeOf(program, args));
  const of = (/** @type {string} */ name) => quickest(times[name] ?? []);
  const own = of('node');
  console.log(
    `starts, the quickest quarter of ${rounds} rounds in turns; Node itself takes ${own.toFixed(1)} ms`,
  );
  line('import libbpf-ts/skeleton', of('import'), ['Node itself', own], 'was 1.74, target 1.35');
  line('libbpf-ts --version', of('version'), ['Node itself', own], 'was 1.69, target 1.27');
  line('libbpf-ts generate', of('generate'), ['Node itself', own], 'was 2.0, target 1.65');
  const dump = 'bpftool btf dump';
  line('libbpf-ts vmlinux', of('vmlinux'), [dump, of(dump)], 'was 1.37, target 1.3');
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
function timeOf(program, args) {
  const start = performance.now();
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  return performance.now() - start;
}

/** @param {readonly number[]} values */
function quickest(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 4)] ?? Number.NaN;
}

/**
 * @param {string} name
 * @param {number} ours
 * @param {readonly [name: string, value: number]} theirs
 * @param {string} goal
 */
function line(name, ours, [what, theirs], goal) {
  const ratio = (ours / theirs).toFixed(2);
  console.log(
    `  ${name.padEnd(28)} ${ours.toFixed(1).padStart(7)} ms   ${what} ${theirs.toFixed(1)} ms, ${ratio} x (${goal})`,
  );
}
