// Names for addresses: Node's own program, the kernel's list, a perf map of 250 MB. Beside binutils' nm and addr2line.
import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { openSymbolizer } from '../../dist/symbols/index.js';
import { programTime, row, short } from './measure.mjs';

const node = process.execPath;
const { pid } = process;
/** Lines of a perf map, of some 70 bytes each as Node writes them. */
const lines = short ? 1000 : 3_600_000;
/** @param {number} runs */
const times = runs => (short ? 1 : runs);

export async function run() {
  for (const part of [programs, kernel, perfMap]) {
    const symbols = openSymbolizer();
    await part(symbols);
    await symbols.close();
  }
}

/** @typedef {import('../../dist/symbols/index.js').Symbolizer} Symbolizer */

/** @param {Symbolizer} symbols */
async function programs(symbols) {
  const addresses = functionsOfNode();
  const [some = 0n] = addresses;
  console.log(`Node's program: ${addresses.length} functions`);
  const nm = programTime(times(5), 'nm', [node]);
  const before = process.memoryUsage().rss;
  const first = await timeOf(() => symbols.symbolize({ pid }, [some]));
  row('the first address: its index', first, 'ms', ['nm', nm]);
  row('memory that this took', (process.memoryUsage().rss - before) / 1e6, 'MB');
  const sampled = addresses.filter((_, i) => i % 16 === 0);
  const input = sampled.map(address => address.toString(16)).join('\n');
  const addr2line = await timeOf(() => spawnSync('addr2line', ['-f', '-C', '-e', node], { input }));
  const beside = /** @type {[string, number]} */ (['addr2line', (1000 * addr2line) / sampled.length]);
  const name = () => timeOf(() => symbols.symbolize({ pid }, sampled, { returnAddresses: false }));
  row(`an address later, of ${sampled.length}`, (1000 * (await name())) / sampled.length, 'us', beside);
  row('the same addresses again', (1000 * (await name())) / sampled.length, 'us', beside);
}

/** Where they are in this process; the program is linked to fixed addresses. */
function functionsOfNode() {
  const listed = execFileSync('nm', [node], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return Array.from(listed.matchAll(/^([0-9a-f]+) [tT] /gm), ([, address]) => BigInt(`0x${address}`));
}

/** @param {Symbolizer} symbols */
async function kernel(symbols) {
  const address = 0xffff_ffff_8100_1000n;
  row('the kernel, first', await timeOf(() => symbols.symbolize('kernel', [address])), 'ms');
  const thousand = Array.from({ length: 1000 }, (_, i) => address + BigInt(i * 64));
  const later = await timeOf(() => symbols.symbolize('kernel', thousand));
  row('the kernel, an address later', later, 'us');
}

/** @param {Symbolizer} symbols */
async function perfMap(symbols) {
  const path = `/tmp/perf-${pid}.map`;
  const line = (/** @type {number} */ i) =>
    `${(0x7f0000000000 + (i % (lines / 2)) * 512).toString(16)} 1c0 JS:*function${i} file:///srv/app/dist/handlers.js:${i % 900}:7\n`;
  const part = 100_000;
  writeFileSync(path, '');
  for (let at = 0; at < lines; at += part)
    writeFileSync(path, Array.from({ length: Math.min(part, lines - at) }, (_, i) => line(at + i)).join(''), {
      flag: 'a',
    });
  try {
    const delays = watchLoop();
    const read = await timeOf(() => symbols.remember(pid));
    row(`a perf map of ${lines} lines`, read, 'ms');
    row('the longest that the event loop waited meanwhile', delays(), 'ms');
  } finally {
    rmSync(path);
  }
}

/** @returns {() => number} the longest wait so far, in milliseconds */
function watchLoop() {
  let [last, longest] = [performance.now(), 0];
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 1);
    last = now;
  }, 1);
  return () => {
    clearInterval(timer);
    return longest;
  };
}

/** @param {() => unknown} work */
async function timeOf(work) {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
