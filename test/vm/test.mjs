// `npm run test:vm`: what kernels decide, on all kernels; `-- 6.1 --filter kprobe` some on one, `-- --live` what needs a
// kernel and is ours too.
import { parseArgs } from 'node:util';
import { prepare } from '../../.setup/prepare.mjs';
import { fail } from '../../.setup/progress.mjs';
import { mountTracefs } from '../../.setup/tracefs.mjs';
import { imageOf } from './guest.mjs';
import { kernelNamed, kernels } from './kernels.mjs';
import { runHere, runOn } from './run.mjs';
import { Selection } from './selection.mjs';
import { compareSupport } from './support.mjs';
import { countsIn, report } from './table.mjs';

const { chosen, filter, live, jobs, update } = options();
const selection = new Selection(filter, live);
const complete = chosen.length === 0 && filter === '';
// What may be missing in the world comes first: it is found out before the time to build is spent.
await prepare(['build', 'bpf', 'test', 'vm'], []);
/** @type {import('./kernel-image.mjs').KernelImage[]} */
const images = [];
for (const kernel of chosen.length > 0 ? chosen : kernels) images.push(await imageOf(kernel));
await prepare([]);

const runs = await runAll();
const problems = report(runs, complete);
// The table of what kernels have is made of the tests that every one of them runs.
if (complete && !live && problems.length === 0) problems.push(...compareSupport(runs, update));
for (const problem of problems) console.error(`✗ ${problem}`);
console.log(countsIn(runs.flatMap(({ results }) => results)));
process.exit(problems.length === 0 ? 0 : 1);

/** As many at once as asked for; what they print comes line by line, with the kernel's name. */
async function runAll() {
  const waiting = images.map(image => () => runOn(image, selection, lines(image.kernel.name)));
  if (complete) {
    mountTracefs();
    const here = await runHere(selection, lines('host'));
    return [here, ...(await inTurns(waiting))];
  }
  return inTurns(waiting);
}

/**
 * @template T
 * @param {(() => Promise<T>)[]} waiting
 * @returns {Promise<T[]>} in the same order
 */
async function inTurns(waiting) {
  /** @type {T[]} */
  const done = [];
  // The newest kernels take the longest, for they have the most to test: those first.
  const queue = [...waiting.entries()].reverse();
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) done[next[0]] = await next[1]();
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return done;
}

/** @param {string} name */
function lines(name) {
  let rest = '';
  return (/** @type {string} */ text) => {
    const complete = (rest + text).split('\n');
    rest = complete.pop() ?? '';
    for (const line of complete) console.log(`${name.padEnd(4)} │ ${line}`);
  };
}

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        filter: { type: 'string', default: '' },
        live: { type: 'boolean', default: false },
        jobs: { type: 'string', default: '2' },
        update: { type: 'boolean', default: false },
      },
    });
    const chosen = positionals.map(kernelNamed);
    const { filter, live, jobs, update } = values;
    if (update && (live || filter !== '' || chosen.length > 0))
      throw new Error('--update takes the run of all kernels, without --filter and --live');
    return { chosen, filter, live, jobs: Number(jobs), update };
  } catch (error) {
    return fail(
      `${/** @type {Error} */ (error).message}\n` +
        'npm run test:vm -- [KERNEL…] [--filter PART-OF-FILE-OR-TEST] [--live] [--jobs N] [--update]',
    );
  }
}
