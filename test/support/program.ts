/** C programs for this machine, as they do what Node cannot. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Compiles a C file; the program is there until the file's tests have ended. */
export function program(source: URL, flags: readonly string[] = []): string {
  const path = join(folder, 'program');
  execFileSync('gcc', ['-O1', '-Wall', ...flags, source.pathname, '-o', path], { stdio: 'inherit' });
  return path;
}
