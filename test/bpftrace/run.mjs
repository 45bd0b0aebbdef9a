// `npm run test:bpftrace -- CHECKOUT [PATTERN]`: bpftrace's own runtime tests through `libbpf-ts trace`. LIBBPF_TS_BPFTRACE is
// a command for bpftrace itself, which then runs each case too: what fails there counts as not applicable. It is started in
// the folder that has the test programs. LIBBPF_TS_BPFTRACE_PASSES names a file that keeps what passed there.
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../.setup/paths.mjs';
import { notApplicable, readCases } from './cases.mjs';
import { explanationOf } from './explained.mjs';
import { outcome } from './outcome.mjs';
import { buildPrograms } from './programs.mjs';

const [checkout, filter = ''] = process.argv.slice(2);
if (checkout === undefined) {
  console.error('give a checkout of bpftrace: npm run test:bpftrace -- CHECKOUT [PATTERN]');
  process.exit(2);
}

const folder = process.env.LIBBPF_TS_BPFTRACE_FOLDER ?? (await mkdtemp(join(tmpdir(), 'bpftrace-tests-')));
buildPrograms(checkout, folder);
// Scripts ask for the name of what runs them.
const node = join(folder, 'bpftrace');
if (!existsSync(node)) symlinkSync(process.execPath, node);

const ours = `${node} ${join(root, 'dist/cli/main.js')} trace`;
const theirs = process.env.LIBBPF_TS_BPFTRACE;
const kept = process.env.LIBBPF_TS_BPFTRACE_PASSES;
/** @type {Record<string, boolean>} */
const known = kept !== undefined && existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {};
/** @type {Record<'passed' | 'failed' | 'explained' | 'not applicable' | 'not passed by bpftrace', number>} */
const counts = { passed: 0, failed: 0, explained: 0, 'not applicable': 0, 'not passed by bpftrace': 0 };

for (const each of readCases(checkout)) {
  const name = `${each.suite}: ${each.name}`;
  if (!new RegExp(filter).test(name)) continue;
  const { word, reason } = await judged(each, name);
  counts[word]++;
  if (word !== 'passed') console.log(`${word}: ${name}: ${reason}`);
}
console.log(
  Object.entries(counts)
    .map(([word, count]) => `${count} ${word}`)
    .join(', '),
);
if (counts.failed > 0) process.exitCode = 1;

/** @param {import('./cases.mjs').Case} given @param {string} name @returns {Promise<{ word: keyof typeof counts, reason: string }>} */
async function judged(given, name) {
  const reason = notApplicable(given);
  if (reason !== undefined) return { word: 'not applicable', reason };
  const explanation = explanationOf(name);
  const found = await ourOutcome(given, explanation === undefined);
  if (!(await isPassedByBpftrace(given, name)))
    return { word: 'not passed by bpftrace', reason: found === 'passed' ? 'it passes here' : found };
  if (found === 'passed' && explanation !== undefined)
    return { word: 'failed', reason: `it passes, and the list says that ${explanation}` };
  if (found === 'passed') return { word: 'passed', reason: '' };
  return explanation === undefined
    ? { word: 'failed', reason: found }
    : { word: 'explained', reason: explanation };
}

/** On a busy machine a case may take longer than it has: what fails is tried once more. @param {import('./cases.mjs').Case} given @param {boolean} isTriedAgain */
async function ourOutcome(given, isTriedAgain) {
  const first = await outcome(given, ours, folder);
  return first === 'passed' || !isTriedAgain ? first : outcome(given, ours, folder);
}

/** True where nobody can say. @param {import('./cases.mjs').Case} given @param {string} name */
async function isPassedByBpftrace(given, name) {
  if (known[name] === undefined && theirs !== undefined) {
    known[name] = (await outcome(given, theirs, folder)) === 'passed';
    if (kept !== undefined) writeFileSync(kept, JSON.stringify(known, undefined, 1));
  }
  return known[name] ?? true;
}
