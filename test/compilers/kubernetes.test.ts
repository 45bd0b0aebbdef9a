/** Manifests of the documentation, judged by Kubernetes' own description of its objects (kubernetes-models has it). */
import { resolve } from 'node:path';
import { DaemonSet, type IDaemonSet } from 'kubernetes-models/apps/v1';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { blocks } from '../support/doc-pages.js';

const manifests = blocks()
  .filter(({ page, language }) => page.endsWith('kubernetes') && language === 'yaml')
  .map(({ text }) => parse(text) as IDaemonSet);

/** What Kubernetes says of values. */
function mistakesIn(manifest: IDaemonSet): string {
  try {
    new DaemonSet(manifest).validate();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/** Names that Kubernetes does not have, which it would leave out without a word: an excess property, for TypeScript. */
function unknownNamesIn(manifest: unknown): string[] {
  const file = resolve('test/manifest.ts');
  const source = `import type { IDaemonSet } from 'kubernetes-models/apps/v1';
export const manifest: IDaemonSet = ${JSON.stringify(manifest)};`;
  const options = { module: ts.ModuleKind.NodeNext, noEmit: true, skipLibCheck: true, strict: true };
  const host = ts.createCompilerHost(options);
  const read = host.readFile;
  host.readFile = name => (name === file ? source : read(name));
  host.fileExists = name => name === file || ts.sys.fileExists(name);
  const program = ts.createProgram([file], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

describe('the manifest of the page on Kubernetes', () => {
  const [manifest = {} as IDaemonSet] = manifests;

  it('is the only one, and valid', () => {
    expect(manifests.map(({ kind }) => kind)).toEqual(['DaemonSet']);
    expect(mistakesIn(manifest)).toBe('');
    expect(unknownNamesIn(manifest)).toEqual([]);
  });

  it('would not be with other values or names', () => {
    const edited = (edit: (text: string) => string) => JSON.parse(edit(JSON.stringify(manifest)));
    expect(mistakesIn(edited(text => text.replace('"hostPID":true', '"hostPID":"yes"')))).toMatch(/boolean/);
    expect(mistakesIn(edited(text => text.replace('"Directory"', '"Folder"')))).toMatch(/allowed values/);
    expect(unknownNamesIn(edited(text => text.replace('hostPID', 'hostPid')))).toEqual([
      expect.stringMatching(/"hostPid"' does not exist/),
    ]);
  });
});
