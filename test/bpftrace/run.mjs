// `npm run test:bpftrace -- CHECKOUT [FILTER]`: bpftrace's own runtime tests through `libbpf-ts trace`. LIBBPF_TS_BPFTRACE is
// a command for bpftrace itself, which then runs each case too: what fails there counts as not applicable.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../.setup/paths.mjs';
import { notApplicable, readCases } from './cases.mjs';

const [checkout, filter = ''] = process.argv.slice(2);
if (checkout === undefined) {
  console.error('give a checkout of bpftrace: npm run test:bpftrace -- CHECKOUT [FILTER]');
  process.exit(2);
}

const ours = [process.execPath, join(root, 'dist/cli/main.js'), 'trace'];
const oracle = process.env.LIBBPF_TS_BPFTRACE?.split(' ');
/** @type {Record<string, string[]>} */
const results = { passed: [], failed: [], 'not applicable': [] };

for (const each of readCases(checkout)) {
  const name = `${each.suite}: ${each.name}`;
  if (!name.includes(filter)) continue;
  const reason =
    notApplicable(each) ?? ((await outcome(each, ours)) === 'passed' ? undefined : await explain(each));
  if (reason === undefined) results.passed?.push(name);
  else results[reason.startsWith('failed') ? 'failed' : 'not applicable']?.push(`${name}: ${reason}`);
}
for (const line of results.failed ?? []) console.log(line);
const counts = Object.entries(results).map(([word, list]) => `${list.length} ${word}`);
console.log(counts.join(', '));

/** @param {import('./cases.mjs').Case} given */
async function explain(given) {
  if (oracle && (await outcome(given, oracle)) !== 'passed') return 'bpftrace itself does not pass it here';
  return `failed: ${await outcome(given, ours)}`;
}

/** `passed`, or what is missing. @param {import('./cases.mjs').Case} given @param {readonly string[]} command */
async function outcome({ program = '', directives }, command) {
  const { stdout, stderr } = await run([...command, '-e', program], directives);
  const output = stdout + stderr;
  const lines = new Set(output.split('\n'));
  const said = (/** @type {string} */ text) =>
    text.includes('\n') ? output.includes(text) : lines.has(text) || output.includes(text);
  const missing = [
    ...(directives.get('EXPECT') ?? []).filter(text => !said(text)),
    ...(directives.get('EXPECT_REGEX') ?? []).filter(text => !new RegExp(text, 'm').test(output)),
    ...(directives.get('EXPECT_NONE') ?? []).filter(said),
    ...(directives.get('EXPECT_REGEX_NONE') ?? []).filter(text => new RegExp(text, 'm').test(output)),
  ];
  return missing.length === 0
    ? 'passed'
    : `${JSON.stringify(missing[0])} in ${JSON.stringify(output.slice(0, 200))}`;
}

/** Ends it after its time as Ctrl-C does. @param {readonly string[]} command @param {import('./cases.mjs').Case['directives']} directives */
function run([file = '', ...args], directives) {
  const added = Object.fromEntries(
    (directives.get('ENV') ?? [])
      .join(' ')
      .split(' ')
      .filter(Boolean)
      .map(pair => pair.split('=')),
  );
  const child = spawn(file, args, { env: { ...process.env, ...added }, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let after;
  const timer = setTimeout(() => child.kill('SIGINT'), 1_000 * Number(directives.get('TIMEOUT')?.[0] ?? 5));
  child.stdout.on('data', data => (output.stdout += data));
  child.stderr.on('data', data => {
    output.stderr += data;
    const [command] = directives.get('AFTER') ?? [];
    if (command !== undefined && /Attached/.test(output.stderr))
      after ??= spawn('/bin/sh', ['-c', command], { stdio: 'ignore' });
  });
  return new Promise(resolve =>
    child.on('close', () => {
      clearTimeout(timer);
      after?.kill();
      resolve(output);
    }),
  );
}
