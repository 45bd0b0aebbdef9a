/** `libbpf-ts btf`: types looked at, compared, and cut down to what objects need. */
import { basename } from 'node:path';
import { command, UsageError } from '../command/command.js';
import { print, size } from '../command/output.js';
import { Btf, diffBtf, minimalBtf } from '../doors/btf.js';
import { writeTogether } from '../doors/build.js';
import { kernelBtfPath } from '../doors/inspect.js';
import { readNamed } from './files.js';

/** What was asked for, besides the action. */
interface Request {
  readonly operands: readonly string[];
  readonly base: string | undefined;
  readonly btf: string | undefined;
  readonly output: string | undefined;
}

/** One action: what it takes, and its text or bytes. */
interface Action {
  readonly usage: string;
  readonly operands: readonly [least: number, most: number];
  run(request: Request): Promise<string | Uint8Array>;
}

const actions: Readonly<Record<string, Action>> = {
  dump: { usage: 'dump [FILE]', operands: [0, 1], run: dump },
  list: { usage: 'list [FILE]', operands: [0, 1], run: list },
  show: { usage: 'show TYPE [FILE]', operands: [1, 2], run: show },
  diff: { usage: 'diff BEFORE [AFTER]', operands: [1, 2], run: diff },
  min: { usage: 'min X.bpf.o…', operands: [1, Number.POSITIVE_INFINITY], run: minimal },
};

export const btf = command({
  name: 'btf',
  summary: 'show, compare and cut down types',
  usage: 'ACTION …',
  about: [
    'dump [FILE]          all types as C that compiles',
    'list [FILE]          id, kind, size and name of each',
    'show TYPE [FILE]     one type with the offset of each member, as pahole shows it: struct task_struct, pid_t',
    'diff BEFORE [AFTER]  what changed in named types',
    'min X.bpf.o… -o OUT  the types that these objects need of a kernel, for load(file, {}, { btf }) on one without BTF',
    '',
    'FILE is raw BTF, an object, a module or a kernel with debug information; without one it is the running kernel.',
  ],
  options: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      help: 'write to this file instead of standard output',
    },
    base: { type: 'string', value: 'FILE', help: "the types that a module's continue, those of its kernel" },
    btf: { type: 'string', value: 'FILE', help: 'min: the kernel that the objects are to run on' },
  },
  operands: [1, Number.POSITIVE_INFINITY],
  examples: [
    'btf show "struct list_head"',
    'btf diff vmlinux-6.1 vmlinux-6.12 | less',
    'btf min hello.bpf.o --btf vmlinux-5.4 -o 5.4.btf',
  ],
  async run({ options: { output, base, btf }, operands: [name = '', ...operands] }) {
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (!action)
      throw new UsageError('btf', `there is no action ${name}; there are ${Object.keys(actions).join(', ')}`);
    const [least, most] = action.operands;
    if (operands.length < least || operands.length > most)
      throw new UsageError('btf', `it takes ${action.usage}`);
    const content = await action.run({ operands, base, btf, output });
    if (output === undefined) return print(`${content}`);
    await writeTogether([{ path: output, content }]);
    return print(`${output}  ${size(content.length)}\n`);
  },
});

async function dump({ operands: [file], base }: Request): Promise<string> {
  return (await read(file, base)).toC();
}

async function list({ operands: [file], base }: Request): Promise<string> {
  const types = await read(file, base);
  const lines = [...types].map(({ id, kind, name, record }) => {
    const size = 'size' in record ? record.size : '';
    return `${String(id).padStart(7)} ${kind.padEnd(10)} ${String(size).padStart(6)} ${name}`.trimEnd();
  });
  return [...types.notes.map(note => `# ${note}`), ...lines, ''].join('\n');
}

async function show({ operands: [name = '', file], base }: Request): Promise<string> {
  const types = await read(file, base);
  const found = /^\d+$/.test(name) ? [types.get(Number(name))] : types.all(name);
  if (found.length === 0) types.get(name);
  return found.map(type => `/* id ${type.id} */\n${type.toLayout()}\n`).join('\n');
}

async function diff({ operands: [before, after], base }: Request): Promise<string> {
  const changes = diffBtf(await read(before, base), await read(after, base));
  const marks = { added: '+', removed: '-', changed: '~' };
  const lines = changes.flatMap(({ name, change, details }) => [
    `${marks[change]} ${name}`,
    ...details.map(detail => `    ${detail}`),
  ]);
  return [...lines, `${changes.length} differences`, ''].join('\n');
}

async function minimal({ operands, btf, output }: Request): Promise<Uint8Array> {
  if (output === undefined) throw new UsageError('btf', 'min writes bytes: name a file with -o');
  const objects = await Promise.all(operands.map(path => read(path)));
  return minimalBtf(await read(btf), objects);
}

/** Types of a file; a module of the running kernel continues the kernel's. */
async function read(file = kernelBtfPath, base?: string): Promise<Btf> {
  const isModule = file.startsWith('/sys/kernel/btf/') && file !== kernelBtfPath;
  const from = base ?? (isModule ? kernelBtfPath : undefined);
  return Btf.fromBytes(
    await readNamed(file),
    basename(file),
    from === undefined ? undefined : await read(from),
  );
}
