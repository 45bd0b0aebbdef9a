/** `libbpf-ts init`: a project that builds, runs and is tested, to begin from. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { command, UsageError } from '../../command/command.js';
import { print } from '../../command/output.js';
import { BpfError } from '../../index.js';
import { version } from '../version.js';
import { type ProjectKindName, projectKinds } from './kinds.js';
import { projectFiles } from './project.js';

const kindNames = Object.keys(projectKinds) as ProjectKindName[];
const width = Math.max(...kindNames.map(name => name.length));

export const init = command({
  name: 'init',
  summary: 'begin a project: a BPF program, its loader and a test',
  usage: '[DIR]',
  about: [
    'Writes a project into DIR, or here, and no file that is there already. Kinds of programs:',
    ...kindNames.map(name => `  ${name.padEnd(width)}  ${projectKinds[name].summary}`),
  ],
  options: {
    kind: { type: 'string', short: 'k', value: 'KIND', help: 'the kind of program; asked for at a terminal' },
  },
  operands: [0, 1],
  examples: ['init hello --kind tracepoint', 'init -k xdp'],
  async run({ options, operands: [folder = '.'] }) {
    const known = requireKind(options.kind ?? (await ask()));
    const files = projectFiles(known, nameOf(folder), version());
    requireNew(folder, Object.keys(files));
    await mkdir(folder, { recursive: true });
    for (const [file, text] of Object.entries(files))
      await writeFile(join(folder, file), text, { flag: 'wx' });
    return print(
      `${Object.keys(files)
        .map(file => join(folder, file))
        .join('\n')}\n\n${nextSteps(folder)}`,
    );
  },
});

/** @throws UsageError where standard input is no terminal */
async function ask(): Promise<string> {
  if (!process.stdin.isTTY) throw new UsageError('init', `give --kind, one of ${kindNames.join(', ')}`);
  print(kindNames.map(name => `${name.padEnd(width)}  ${projectKinds[name].summary}\n`).join(''));
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question('Which kind of program? [tracepoint] ')).trim() || 'tracepoint';
  } finally {
    terminal.close();
  }
}

function requireKind(given: string): ProjectKindName {
  const kind = kindNames.find(name => name === given);
  if (kind !== undefined) return kind;
  throw new UsageError('init', `there is no kind ${given}; there are ${kindNames.join(', ')}`);
}

function requireNew(folder: string, files: readonly string[]): void {
  const there = files.filter(file => existsSync(join(folder, file)));
  if (there.length === 0) return;
  throw new BpfError({
    code: 'EEXIST',
    operation: `begin a project in ${folder}`,
    reason: `${there.join(', ')} ${there.length === 1 ? 'is' : 'are'} there already`,
    hint: 'name another folder',
  });
}

/** A name that npm takes. */
function nameOf(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '');
  return name === '' || name === 'libbpf-ts' ? 'hello-bpf' : name;
}

function nextSteps(folder: string): string {
  const enter = folder === '.' ? '' : `cd ${folder}\n`;
  return `${enter}npm install\nnpm run build\nnpm test\nsudo npm start\n`;
}
