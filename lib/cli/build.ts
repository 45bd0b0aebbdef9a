/** `libbpf-ts build`: `.bpf.c` to `.bpf.o` and `.bpf.ts`. */
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { command, UsageError } from '../command/command.js';
import { report } from '../command/failure.js';
import { print, size, warn } from '../command/output.js';
import { type BuildOptions, build as buildObject, writeTogether } from '../doors/build.js';
import { choices, chosen } from './choices.js';
import { untilSignal } from './until-signal.js';
import { watch } from './watch.js';

export const build = command({
  name: 'build',
  summary: 'compile BPF C to an object and its typed module',
  usage: 'X.bpf.c…',
  about: [
    'Runs clang and writes X.bpf.o and X.bpf.ts together, beside the source or in DIR.',
    'Includes find <bpf/bpf_helpers.h> and a "vmlinux.h" of the running kernel; one of your own comes first.',
  ],
  options: {
    output: { type: 'string', short: 'o', value: 'DIR', help: 'write to this folder' },
    watch: { type: 'boolean', short: 'w', help: 'build again whenever a source changes, until Ctrl-C' },
    clang: {
      type: 'string',
      value: 'PATH',
      help: 'default: $CLANG, then clang, clang-22 … clang-14 on PATH',
    },
    btf: {
      type: 'string',
      value: 'FILE',
      help: 'make vmlinux.h from this BTF instead of the running kernel',
    },
    target: {
      type: 'string',
      value: 'LIST',
      help: 'processors, as x64,arm64: one object for each, chosen when it is opened; default: this one',
    },
    external: { type: 'boolean', help: 'the module reads the object from the file beside it' },
    ...choices,
  },
  operands: [1, Number.POSITIVE_INFINITY],
  rest: 'CLANG FLAGS…',
  examples: [
    'build hello.bpf.c',
    'build src/*.bpf.c -o generated -- -DLIMIT=10',
    'build --watch hello.bpf.c',
    'build --target x64,arm64 hello.bpf.c',
  ],
  async run({
    options: { output, watch: watching, clang, btf, external, target, ...choice },
    operands,
    rest,
  }) {
    for (const source of operands) requireC(source);
    requireApart(operands.map(source => join(output ?? dirname(source), basename(source))));
    const targets = target?.split(',').map(name => name.trim());
    const options = { clang, btf, external, targets, flags: rest, ...chosen('build', choice) };
    const once = (source: string, signal: AbortSignal) =>
      buildOne(source, output ?? dirname(source), { ...options, signal });
    if (watching) return watch(operands, once, report);
    await untilSignal(async signal => {
      for (const source of operands) await once(source, signal);
    });
    return 0;
  },
});

/** Builds one source; answers the files that it was made of. */
async function buildOne(source: string, folder: string, options: BuildOptions): Promise<readonly string[]> {
  const { objects, module, cautions } = await buildObject(source, options);
  options.signal?.throwIfAborted();
  const files = [
    ...objects.map(({ path, object }) => ({ path: join(folder, basename(path)), content: object })),
    { path: join(folder, basename(source).replace(/\.c$/, '.ts')), content: module },
  ];
  await mkdir(folder, { recursive: true });
  await writeTogether(files);
  for (const warnings of new Set(objects.map(each => each.warnings))) warn(warnings);
  for (const caution of cautions) warn(`${caution}\n`);
  print(files.map(({ path, content }) => `${path}  ${size(content.length)}\n`).join(''));
  return [...new Set(objects.flatMap(({ dependencies }) => dependencies))];
}

/** @throws UsageError for two sources of one name that would be written to one place */
function requireApart(outputs: readonly string[]): void {
  const twice = outputs.find((path, at) => outputs.indexOf(path) !== at);
  if (twice === undefined) return;
  const reason = `several sources are called ${basename(twice)}, and ${dirname(twice)} would have one of them`;
  throw new UsageError('build', `${reason}: build them into folders of their own`);
}

function requireC(source: string): void {
  if (source.endsWith('.bpf.c')) return;
  throw new UsageError(
    'build',
    `${source} does not end in .bpf.c, from which the names of the outputs are made`,
  );
}
