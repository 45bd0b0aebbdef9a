/** C programs for this machine, as they do what Node cannot. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './child.js';

const folder = join(checkout, 'build/programs');

/** Compiles C, a file's or this text, unless that was done before: a guest finds what the host has compiled. */
export function program(source: URL | string, flags: readonly string[] = []): string {
  const text = source instanceof URL ? readFileSync(source, 'utf8') : source;
  return compiled(text, JSON.stringify(flags), () => flags);
}

/** The same of one that is linked with the addon's own libbpf. */
export function libbpfProgram(source: URL): string {
  const { version } = JSON.parse(readFileSync(join(checkout, 'native/deps/libbpf.json'), 'utf8'));
  const libbpf = join(checkout, `build/deps/libbpf-${version}`);
  const archive = join(checkout, 'build/Release/bpf.a');
  const { size, mtimeMs } = statSync(archive);
  return compiled(readFileSync(source, 'utf8'), `libbpf ${version} ${size} ${mtimeMs}`, () => {
    const script = join(checkout, 'native/deps/libraries.mjs');
    const libraries = execFileSync(process.execPath, [script], { encoding: 'utf8' }).trim().split('\n');
    return [`-I${libbpf}/src`, `-I${libbpf}/include/uapi`, '-xnone', archive, ...libraries];
  });
}

/** Its name says all that it was made of. Others may be compiling the same: it appears whole. */
function compiled(text: string, made: string, flags: () => readonly string[]): string {
  const path = join(folder, createHash('sha256').update(made).update(text).digest('hex').slice(0, 16));
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const partial = `${path}.${process.pid}`;
  writeFileSync(`${partial}.c`, text);
  execFileSync('gcc', ['-O1', '-Wall', '-xc', `${partial}.c`, ...flags(), '-o', partial], {
    stdio: 'inherit',
  });
  renameSync(partial, path);
  return path;
}
