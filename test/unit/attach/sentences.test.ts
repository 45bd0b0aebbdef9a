/** What the compiler says of an attach() that cannot work: the reason is in its message, as a sentence. */
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { AttachKind } from '../../../lib/attach/attach-kind.js';
import { attachKinds } from '../../../lib/attach/table.js';

const path = join(import.meta.dirname, 'sentences.ts');
const elsewhere = Object.values<AttachKind>(attachKinds).flatMap(({ instead, sections: [section = ''] }) =>
  instead === undefined ? [] : [{ section: section.replace('+', '/x'), sentence: instead }],
);
const cases = [
  ...elsewhere,
  { section: 'kprob/x', sentence: 'libbpf knows no section kprob/x' },
  { section: 'cgroup/connect5', sentence: 'libbpf knows no section cgroup/connect5' },
];
const messages = complaints([
  "import type { Program } from '../../../lib/index.js'; import { queryHook } from '../../../lib/doors/inspect.js';",
  ...cases.map(({ section }) => `void (undefined as unknown as Program<'${section}'>).attach({ pid: 1 });`),
  "void queryHook('kprobe/x', {});",
]);

describe('the compiler says', () => {
  it.each(cases.map((one, index) => ({ ...one, line: index + 1 })))(
    'of $section: $sentence',
    ({ sentence, line }) => {
      expect(messages.get(line)).toContain(sentence);
    },
  );

  it('which hooks cannot be asked', () => {
    const sentence = 'the kernel keeps no list of programs of section kprobe/x';
    expect(messages.get(cases.length + 1)).toContain(sentence);
  });
});

/** By line, counted from 0. */
function complaints(lines: readonly string[]): Map<number, string> {
  const text = lines.join('\n');
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = name => (name === path ? text : readFile(name));
  host.fileExists = name => name === path || fileExists(name);
  const program = ts.createProgram([path], { ...options, noEmit: true }, host);
  const found = program.getSemanticDiagnostics(program.getSourceFile(path));
  return new Map(
    found.map(({ file, start = 0, messageText }) => [
      file?.getLineAndCharacterOfPosition(start).line ?? -1,
      ts.flattenDiagnosticMessageText(messageText, '\n'),
    ]),
  );
}
