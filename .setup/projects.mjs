// A project of each kind that `libbpf-ts init` knows, built in one go; tests run them, some in virtual machines.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { root } from './paths.mjs';

const folder = join(root, 'build/projects');
const cli = join(root, 'dist/cli/main.js');

/** @param {import('./progress.mjs').Log} log */
export async function beginProjects(log) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(root, join(folder, 'node_modules/libbpf-ts'));
  const kinds = kindsInHelp();
  for (const kind of kinds) await run(log, ['node', cli, 'init', kind, '--kind', kind], { cwd: folder });
  const strict = ['--', '-Wextra', '-Wno-unused-parameter', '-Werror'];
  await run(log, ['node', cli, 'build', ...kinds.map(kind => `${kind}/hello.bpf.c`), ...strict], {
    cwd: folder,
  });
  const compilerOptions = { outDir: 'dist', rootDir: '.' };
  const config = { extends: './tracepoint/tsconfig.json', compilerOptions, include: ['*/*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await run(log, ['node', 'node_modules/typescript/bin/tsc', '-p', folder]);
}

/** `  tracepoint  a tracepoint: …`, between the explanation and the options. */
function kindsInHelp() {
  const help = execFileSync('node', [cli, 'help', 'init'], { encoding: 'utf8' });
  const [, list = ''] = help.split(/Kinds of programs:\n|\n\n(?=Options)/);
  return Array.from(list.matchAll(/^ {2}(\w+)/gm), ([, kind = '']) => kind);
}
