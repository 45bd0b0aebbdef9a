// Cases of bpftrace's own runtime tests (tests/runtime of its repository), read from a checkout.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Case
 * @property {string} suite
 * @property {string} name
 * @property {string | undefined} program `PROG`
 * @property {string | undefined} run `RUN`: a line of the shell
 * @property {ReadonlyMap<string, readonly string[]>} directives all that is said of it, by their words
 */

/** @param {string} checkout @returns {Case[]} */
export function readCases(checkout) {
  const folder = join(checkout, 'tests/runtime');
  const files = readdirSync(folder, { withFileTypes: true }).filter(each => each.isFile());
  return files.flatMap(({ name }) => casesIn(name, readFileSync(join(folder, name), 'utf8')));
}

/** @param {string} suite @param {string} text @returns {Case[]} */
function casesIn(suite, text) {
  const plain = text.replace(/^#.*\n/gm, '');
  return plain
    .split(/^(?=NAME )/m)
    .filter(block => block.startsWith('NAME '))
    .map(block => {
      const directives = directivesIn(block);
      const one = (/** @type {string} */ word) => directives.get(word)?.[0];
      return { suite, name: one('NAME') ?? '', program: one('PROG'), run: one('RUN'), directives };
    });
}

/** A line that begins with spaces goes on with what is before it. @param {string} block */
function directivesIn(block) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const [, word = '', rest = ''] of block.matchAll(/^([A-Z_]+)(?: (.*(?:\n[ \t]+.*)*))?$/gm)) {
    const [first = '', ...more] = rest.split('\n');
    const indent = ' '.repeat(word.length + 1);
    const lines = more.map(line => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()));
    found.set(word, [...(found.get(word) ?? []), [first, ...lines].join('\n')]);
  }
  return found;
}

/** What a case may ask for and has here. */
const features = new Set(['btf', 'loop', 'lookup_percpu_elem', 'iter', 'get_tai_ns', 'jiffies64', 'signal']);

/** Why a case is not run; undefined where it is. @param {Case} given */
export function notApplicable({ program, run, directives }) {
  const text = `${program ?? ''}${run ?? ''}`;
  if (directives.has('WILL_FAIL')) return 'is of the wording of an error';
  for (const word of ['NEW_PIDNS', 'SKIP_IF_ENV_HAS', 'REQUIRES'])
    if (directives.has(word)) return `has ${word}`;
  const missing = (directives.get('REQUIRES_FEATURE') ?? [])
    .flatMap(line => line.split(' '))
    .find(each => each.startsWith('!') === features.has(each.replace('!', '')));
  if (missing !== undefined) return `needs ${missing}`;
  if (directives.get('ARCH')?.some(line => !hasThisMachine(line))) return 'is of another architecture';
  if (/(?:^|[\s,}'"])(?:k|kr|kprobe|kretprobe|f|fr|fentry|fexit|kfunc|kretfunc):/.test(text))
    return 'needs probes of functions';
  if (run !== undefined && /--aot|--debuginfo|--test|BPFTRACE_AOT/.test(run))
    return 'is of a command that is not here';
  const expected = ['EXPECT', 'EXPECT_REGEX'].flatMap(word => directives.get(word) ?? []).join('\n');
  if (/ERROR|WARNING|~~~|\bHINT\b/.test(expected)) return 'is of the wording of a message';
  return undefined;
}

const architectures = { x64: ['x86_64', 'le'], arm64: ['aarch64', 'le'] };

/** `x86_64|aarch64`, or `!be`. @param {string} line */
function hasThisMachine(line) {
  const own = /** @type {Record<string, string[]>} */ (architectures)[process.arch] ?? ['le'];
  const words = line.split(/[|\s]+/);
  if (words.some(word => word.startsWith('!') && own.includes(word.slice(1)))) return false;
  const wanted = words.filter(word => !word.startsWith('!'));
  return wanted.length === 0 || wanted.some(word => own.includes(word));
}
