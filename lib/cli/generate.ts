/** `libbpf-ts generate`: the typed module of an object. */
import { readFile } from 'node:fs/promises';
import { command } from '../command/command.js';
import { print, size, warn } from '../command/output.js';
import { listCautions, writeTogether } from '../doors/build.js';
import { emit } from '../doors/gen.js';
import { BpfError } from '../index.js';
import { choices, chosen } from './choices.js';
import { readNamed } from './files.js';

export const generate = command({
  name: 'generate',
  summary: 'write the typed module of an object',
  usage: 'X.bpf.o',
  about: [
    'Writes X.bpf.ts, with types from the BTF of the object. The same object gives the same bytes on every machine.',
  ],
  options: {
    output: { type: 'string', short: 'o', value: 'FILE', help: 'write to this file' },
    check: { type: 'boolean', help: 'write nothing; fail when the file on disk differs' },
    external: { type: 'boolean', help: 'the module reads the object from the file beside it' },
    ...choices,
  },
  operands: [1, 1],
  examples: [
    'generate hello.bpf.o',
    'generate --check hello.bpf.o',
    'generate --form event.ip=ipv4 --form all=number hello.bpf.o',
  ],
  async run({ options: { output, check, external, ...choice }, operands: [object = ''] }) {
    const path = output ?? object.replace(/\.o$/, '').concat('.ts');
    const bytes = await readNamed(object);
    const module = emit(bytes, object, { external, ...chosen('generate', choice) });
    for (const caution of listCautions(bytes, object)) warn(`${caution}\n`);
    if (check) return checkFile(path, module);
    await writeTogether([{ path, content: module }]);
    return print(`${path}  ${size(module.length)}\n`);
  },
});

/** @throws BpfError that shows the first line that differs. */
async function checkFile(path: string, module: string): Promise<0> {
  const found = await readFile(path, 'utf8').catch(() => undefined);
  if (found === module) return print(`${path} is up to date\n`);
  throw new BpfError({
    code: 'ERR_BPF_OBJECT',
    operation: `check ${path}`,
    reason: found === undefined ? 'it cannot be read' : difference(found, module),
    hint: 'write it again with libbpf-ts generate',
  });
}

function difference(found: string, expected: string): string {
  const [ours, theirs] = [expected.split('\n'), found.split('\n')];
  const at = ours.findIndex((line, index) => line !== theirs[index]);
  const line = at < 0 ? ours.length : at;
  return `line ${line + 1} is ${quoted(theirs[line])}, should be ${quoted(ours[line])}`;
}

/** The line that carries the object is very long. */
function quoted(line: string | undefined): string {
  if (line === undefined) return 'missing';
  return JSON.stringify(line.length > 80 ? `${line.slice(0, 80)}…` : line);
}
