/** C programs for this machine, as they do what Node cannot. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Compiles a C file; the program is there until this process ends. */
export function program(source: URL, flags: readonly string[] = []): string {
  const path = join(folder, 'program');
  execFileSync('gcc', ['-O1', '-Wall', ...flags, source.pathname, '-o', path], { stdio: 'inherit' });
  return path;
}
