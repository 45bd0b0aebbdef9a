/** The README's first program prints what the README says. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { checkout, ended } from '../support/child.js';

const readme = readFileSync(join(checkout, 'README.md'), 'utf8');
const folder = mkdtempSync(join(checkout, 'build/readme-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The first block of a language. */
function block(language: string): string {
  return readme.match(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``))?.[1] ?? '';
}

function compiled(source: string): string {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}

describe('the README', () => {
  it('has a program of about twelve lines that prints what follows it', async () => {
    const program = block('ts');
    expect(program.split('\n').filter(line => line !== '').length).toBeLessThanOrEqual(12);
    const generated = readFileSync(join(checkout, 'examples/execsnoop/execsnoop.bpf.ts'), 'utf8');
    writeFileSync(join(folder, 'execsnoop.bpf.js'), compiled(generated));
    writeFileSync(join(folder, 'main.js'), compiled(program));
    const { stdout, stderr, code } = await ended(process.execPath, [join(folder, 'main.js')]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const shape = (text: string) => text.replace(/\d+/g, 'N');
    expect(shape(stdout)).toBe(shape(block('console')));
  });
});
