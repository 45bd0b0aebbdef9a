/** Slips at the command line and disks that are full: one line that says what, and what was meant. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { checkout, ended } from '../support/child.js';
import { temporary } from '../support/temporary.js';

const main = join(checkout, 'dist/cli/main.js');
const cli = (...args: string[]) => ended(process.execPath, [main, ...args]);

it.each([['help'], ['btf', 'list'], ['list', 'programs', '--json']])(
  '%s to a full disk ends in one line',
  async (...args) => {
    const quoted = [process.execPath, main, ...args].map(arg => `'${arg}'`).join(' ');
    const { stderr, code } = await ended('sh', ['-c', `${quoted} > /dev/full`]);
    expect([stderr, code]).toEqual(['error: write standard output: ENOSPC, no space left on device\n', 1]);
  },
);

it('two sources of one name into one folder are refused before anything is written', async () => {
  const [one, other] = ['a/v.bpf.c', 'b/v.bpf.c'].map(name => temporary(name)) as [string, string];
  for (const path of [one, other]) {
    mkdirSync(dirname(path), { recursive: true });
    cpSync(join(checkout, 'examples/execsnoop/execsnoop.bpf.c'), path);
  }
  const out = temporary('out');
  const { stderr, code } = await cli('build', one, other, '-o', out);
  expect([stderr, code]).toEqual([
    expect.stringMatching(
      /^error: .*several sources are called v\.bpf\.c, and .*out would have one of them: build them into folders of their own/,
    ),
    2,
  ]);
  expect((await cli('build', one, one, '-o', out)).code).toBe(2);
});

it.each([
  ['traffic=number', /type traffic is in no type that the object uses \(is struct traffic meant\?\)/],
  ['sent=number', /type sent is in no type that the object uses \(are traffic\.sent meant\?\)/],
  [
    'traffic.snt=number',
    /field traffic\.snt is in no type that the object uses \(is traffic\.sent meant\?\)/,
  ],
])('--form %s says what it may have meant', async (form, text) => {
  const path = temporary('forms.bpf.c');
  writeFileSync(
    path,
    `struct traffic { unsigned long long sent; unsigned long long received; };
    struct { int (*type)[1]; int (*max_entries)[1]; int *key; struct traffic *value; } m __attribute__((section(".maps"), used));\n`,
  );
  const { stderr } = await cli('build', path, '--form', form);
  expect(stderr).toMatch(text);
});
