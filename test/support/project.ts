/** Projects that `libbpf-ts init` has begun and `npm run setup` has built: build/projects. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { checkout } from './child.js';

export const projectsFolder = join(checkout, 'build/projects');

/** What a project's main.js says until its first line, and how it ends when it is then interrupted as by Ctrl-C. */
export interface FirstLine {
  readonly line: string;
  readonly errors: string;
  readonly code: number | null;
}

/** Runs a project until it has printed a line, and interrupts it. `wrapper` is a command in front, as `nsenter`. */
export function firstLine(
  kind: string,
  args: readonly string[] = [],
  wrapper: readonly string[] = [],
): Promise<FirstLine> {
  const main = join(projectsFolder, 'dist', kind, 'main.js');
  const [command = '', ...rest] = [...wrapper, process.execPath, main, ...args];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stderr.on('data', text => (errors += text));
  child.stdout.on('data', text => {
    if (output === '') child.kill('SIGINT');
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => resolve({ line: output.split('\n')[0] ?? '', errors, code }));
  });
}
