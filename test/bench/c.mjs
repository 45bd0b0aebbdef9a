// The C that benchmarks compare with: our own source on the libbpf that the addon has, compiled when it is needed.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @param {string} name of a source beside this file
 * @param {string} program where it goes
 */
export function compileC(name, program) {
  const { version } = JSON.parse(readFileSync(join(root, 'native/deps/libbpf.json'), 'utf8'));
  const libbpf = join(root, `build/deps/libbpf-${version}`);
  const libraries = execFileSync('node', [join(root, 'native/deps/libraries.mjs')], { encoding: 'utf8' });
  const folders = [`-I${libbpf}/src`, `-I${libbpf}/include/uapi`];
  const inputs = [join(root, 'test/bench', `${name}.c`), join(root, 'build/Release/bpf.a')];
  execFileSync('gcc', ['-O2', '-g', ...folders, ...inputs, ...libraries.trim().split('\n'), '-o', program]);
}
