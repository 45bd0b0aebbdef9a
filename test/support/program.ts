/** C programs for this machine, as they do what Node cannot. */
import { execFileSync } from 'node:child_process';
import { temporary } from './temporary.js';

/** Compiles a C file; the program is there until the test file ends. */
export function program(source: URL, flags: readonly string[] = []): string {
  const path = temporary('program');
  execFileSync('gcc', ['-O1', '-Wall', ...flags, source.pathname, '-o', path], { stdio: 'inherit' });
  return path;
}
