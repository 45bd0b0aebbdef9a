/** C programs for this machine, as they do what Node cannot. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './child.js';
import { temporary } from './temporary.js';

/** Compiles a C file; the program is there until the test file ends. */
export function program(
  source: URL,
  flags: readonly string[] = [],
  libraries: readonly string[] = [],
): string {
  const path = temporary('program');
  const inputs = [source.pathname, ...libraries];
  execFileSync('gcc', ['-O1', '-Wall', ...flags, ...inputs, '-o', path], { stdio: 'inherit' });
  return path;
}

/** The same of one that is linked with the addon's own libbpf. */
export function libbpfProgram(source: URL): string {
  const { version } = JSON.parse(readFileSync(join(checkout, 'native/deps/libbpf.json'), 'utf8'));
  const libbpf = join(checkout, `build/deps/libbpf-${version}`);
  const script = join(checkout, 'native/deps/libraries.mjs');
  const libraries = execFileSync(process.execPath, [script], { encoding: 'utf8' }).trim().split('\n');
  const folders = [`-I${libbpf}/src`, `-I${libbpf}/include/uapi`];
  return program(source, folders, [join(checkout, 'build/Release/bpf.a'), ...libraries]);
}
