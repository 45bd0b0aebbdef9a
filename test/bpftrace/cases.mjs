// Cases of bpftrace's own runtime tests (tests/runtime of its repository), read from a checkout.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Case
 * @property {string} suite
 * @property {string} name
 * @property {string | undefined} program `PROG`
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
      return { suite, name: one('NAME') ?? '', program: one('PROG'), directives };
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

/** Why a case is not run; undefined where it is. @param {Case} given */
export function notApplicable({ program, directives }) {
  if (program === undefined) return 'runs the command in its own way';
  if (directives.has('WILL_FAIL')) return 'is of the wording of an error';
  for (const word of [
    'REQUIRES',
    'REQUIRES_FEATURE',
    'ARCH',
    'NEW_PIDNS',
    'BEFORE',
    'SETUP',
    'MIN_KERNEL',
    'SKIP_IF_ENV_HAS',
  ])
    if (directives.has(word)) return `has ${word}`;
  const after = directives.get('AFTER')?.join(' ') ?? '';
  if (/testprogs|testlibs/.test(program + after)) return 'needs a test program';
  if (/(?:^|[\s,}])(?:k|kr|kprobe|kretprobe|f|fr|fentry|fexit|kfunc|kretfunc):/.test(program))
    return 'needs probes of functions';
  const expected = [...(directives.get('EXPECT') ?? []), ...(directives.get('EXPECT_REGEX') ?? [])].join(
    '\n',
  );
  if (/ERROR|WARNING|~~~|\bHINT\b/.test(expected)) return 'is of the wording of a message';
  if (directives.has('EXPECT_JSON') || directives.has('EXPECT_FILE')) return 'compares with a file';
  return undefined;
}
