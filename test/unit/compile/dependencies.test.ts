/** Which files a compilation read: clang's own rules. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dependenciesIn } from '../../../lib/compile/dependencies.js';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('dependencies', () => {
  it('are the source and its headers, whatever their names', () => {
    const headers = ['plain.h', 'with space.h', 'da$h.h', 'ha#h.h', 'colon:.h'].map(name =>
      join(folder, name),
    );
    for (const header of headers) writeFileSync(header, '');
    const source = join(folder, 'a b.c');
    writeFileSync(source, headers.map(header => `#include "${header}"\n`).join(''));
    execFileSync('clang', ['-MMD', '-MF', join(folder, 'd'), '-c', source, '-o', join(folder, 'o')]);
    expect(dependenciesIn(readFileSync(join(folder, 'd'), 'utf8'))).toEqual([source, ...headers]);
  });
});
