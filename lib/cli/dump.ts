/** `libbpf-ts dump`: what is inside: a program's instructions, a map's entries, types as C. */

import { command, UsageError } from '../command/command.js';
import { print, warn } from '../command/output.js';
import { replacer } from '../doors/codec.js';
import { type DumpedInsn, dumpProgram, openBtf } from '../doors/inspect.js';
import { BpfError, KeyValueMap, openMap } from '../index.js';
import { JsonReport } from './json-report.js';
import { machineListing } from './machine-listing.js';
import { TextReport } from './text-report.js';
import { thingsOf } from './things.js';

/** What was asked for. */
interface Request {
  readonly json: boolean | undefined;
  readonly jited: boolean | undefined;
}

/** By kind, for each thing of the name. */
const dumps: Readonly<Record<string, (id: number, request: Request) => Promise<unknown>>> = {
  program: dumpOfProgram,
  map: dumpOfMap,
  btf: dumpOfBtf,
};

export const dump = command({
  name: 'dump',
  summary: "print a loaded program's instructions with its source, a map's entries, or types as C",
  usage: 'KIND ID|NAME|FILE',
  about: [
    'program  instructions as the verifier left them, with source lines, helpers, kernel functions and maps by name;',
    '         --jited: machine code as bytes, between the source lines that they are of, with the names of what they call',
    'map      entries, decoded by its own types',
    'btf      types as C that compiles',
    '',
    'Things are called as for show. What the kernel hides is said.',
  ],
  options: {
    json: { type: 'boolean', help: 'as JSON, with machine code too' },
    jited: { type: 'boolean', help: 'program: machine code' },
  },
  operands: [2, 2],
  examples: [
    'dump program 17',
    'dump program my_filter --jited',
    "dump program 17 --json | jq -r '.jited[0].code' | xxd -r -p > code; objdump -D -b binary -m i386:x86-64 code",
    'dump map counts --json',
  ],
  async run({ options: { json, jited }, operands: [kind = '', word = ''] }) {
    const dumped = Object.hasOwn(dumps, kind) ? dumps[kind] : undefined;
    if (dumped === undefined)
      throw new UsageError('dump', `there is no kind ${kind}; there are ${Object.keys(dumps).join(', ')}`);
    for (const { info } of await thingsOf('dump', kind, word)) await dumped(info.id, { json, jited });
    return 0;
  },
});

async function dumpOfProgram(id: number, { json, jited }: Request): Promise<void> {
  const found = await dumpProgram({ id });
  if (json) return void print(`${JSON.stringify(found, replacer, 2)}\n`);
  for (const reason of found.hidden) warn(`hidden: ${reason}\n`);
  if (!jited) return void print(`${found.xlated.flatMap(insnLines).join('\n')}\n`);
  for (const code of found.jited) print(machineListing(code));
}

function insnLines({ insn, text, function: begins, source, map, symbol }: DumpedInsn): string[] {
  const [note] = [map?.name, symbol].filter(Boolean);
  const code = insn.code.toString(16).padStart(2, '0');
  const line = `${String(insn.index).padStart(4)}: (${code}) ${text}`;
  return [
    ...(begins ? [begins.prototype.replace(/;$/, ':')] : []),
    ...(source?.text ? [`; ${source.text} (${source.file}:${source.line})`] : []),
    note === undefined ? line : `${line.padEnd(50)} ; ${note}`,
  ];
}

async function dumpOfMap(id: number, { json }: Request): Promise<void> {
  await using map = await openMap({ id });
  if (!(map instanceof KeyValueMap))
    throw new BpfError({
      code: 'EOPNOTSUPP',
      operation: `dump map ${id}`,
      reason: `a map of kind ${map.kind} has no entries that can be walked`,
    });
  const report = json ? new JsonReport() : new TextReport();
  report.map(map.name, map.kind, map.entries());
}

async function dumpOfBtf(id: number, { json }: Request): Promise<void> {
  const types = await openBtf({ id });
  print(json ? `${JSON.stringify({ id, name: types.subject, c: types.toC() })}\n` : types.toC());
}
