/**
 * What comments and documentation name as their source is there: in libbpf, whose upgrades move or rename things, or in
 * the table of kernel functions, each of which was looked up. A claim without a source has to be listed here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { claims } from '../support/claims.js';
import { kernelSources } from '../support/kernel-sources.js';

const root = new URL('../../', import.meta.url).pathname;
const { version } = JSON.parse(readFileSync(join(root, 'native/deps/libbpf.json'), 'utf8'));
const libbpf = join(root, `build/deps/libbpf-${version}`);
const libbpfFiles = new Map(
  filesIn(join(libbpf, 'src'), /\.[ch]$/).map(path => [
    path.split('/').at(-1) ?? '',
    readFileSync(path, 'utf8'),
  ]),
);
const texts = ['lib', 'native', 'docs']
  .flatMap(folder => filesIn(join(root, folder), /\.(ts|cc|h|md)$/))
  .filter(path => !path.includes('/native/deps/'))
  .map(path => readFileSync(path, 'utf8').replace(/\n\s*(\*|\/\/)?\s*/g, ' '));

function filesIn(folder: string, name: RegExp): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter(each => name.test(each)).map(each => join(folder, each));
}

/** Functions and constants with the files that they are said to be in, as `btf_vlen() and btf_kind() in btf.h`. */
const places = texts.flatMap(text =>
  Array.from(
    text.matchAll(/((?:(?:`?\w+\(\)`?|`[A-Z][A-Z_0-9]+`)(?:,| and)? )+)in `?((?:[\w-]+\/)*[\w-]+\.[ch])\b/g),
    ([, names = '', file = '']) =>
      Array.from(
        names.matchAll(/\w+(?=\(\))|(?<=`)[A-Z_0-9]+(?=`)/g),
        ([name]): [name: string, file: string] => [name, file],
      ),
  ).flat(),
);

it('each function is in the file of libbpf that is named with it', () => {
  const ofLibbpf = places.filter(([, file]) => !file.includes('/'));
  expect(ofLibbpf.length).toBeGreaterThan(60);
  const missing = ofLibbpf.filter(
    ([name, file]) => !new RegExp(`\\b${name}\\b`).test(libbpfFiles.get(file) ?? ''),
  );
  expect(missing).toEqual([]);
});

it('each function of the kernel is in the table, which has no others', () => {
  const named = new Set(
    places.filter(([, file]) => file.includes('/')).map(([name, file]) => `${file}: ${name}`),
  );
  const known = Object.entries(kernelSources).flatMap(([file, names]) =>
    names.map(name => `${file}: ${name}`),
  );
  expect([...named].sort()).toEqual(known.sort());
});

/** What sounds like a claim about them and is none: the beginning of each, by the reason. */
const withoutSource: Readonly<Record<string, readonly string[]>> = {
  'the library itself makes the error': [
    'btf/usdt.ts: The probes of a program',
    'cli/things.ts: Everything that a word',
    'link/link-handles.ts: @throws BpfError `EOPNOTSUPP`',
    'link/link.ts: The file descriptor of the',
    'native/addon/program.ts: `struct bpf_insn` for each',
    'object/adoption/pin-folder.ts: Keeps others out',
    'testing/stand-in.ts: A loaded object, as code',
    'testing/stand-in.ts: Lets attaching a program fail',
  ],
  'an errno is an example': [
    'attach/result.ts: Which capabilities a program',
    'errors/bpf-error.ts: Codes that are the library',
    'host/obstacles.ts: What to do about EPERM.',
    'tool/errno-name.ts: The name of a negative',
  ],
};

it('each claim about the kernel or libbpf in the documentation of an export has a source', () => {
  const excused = Object.values(withoutSource).flat();
  const all = claims();
  expect(all.length).toBeGreaterThan(150);
  const unsourced = all.filter(({ hasSource }) => !hasSource).map(({ text }) => text);
  expect(unsourced.filter(text => !excused.some(start => text.startsWith(start)))).toEqual([]);
  expect(excused.filter(start => !unsourced.some(text => text.startsWith(start)))).toEqual([]);
});
