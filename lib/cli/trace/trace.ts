/** `libbpf-ts trace`: scripts of bpftrace's language. */
import { readFileSync } from 'node:fs';
import { command, type Input, UsageError } from '../../command/command.js';
import { print } from '../../command/output.js';
import { type CompiledTrace, compileTrace, listTraceProbes, traceFeatures } from '../../trace/index.js';
import { table } from '../columns.js';
import { startChild } from './child.js';
import { openOutput } from './output.js';
import { runScript } from './run.js';

const options = {
  e: { type: 'string', short: 'e', value: 'SCRIPT', help: 'the script itself, instead of a file' },
  format: { type: 'string', short: 'f', value: 'FORMAT', help: 'text, or json: one value a line' },
  output: { type: 'string', short: 'o', value: 'FILE', help: 'write there instead of to standard output' },
  pid: {
    type: 'string',
    short: 'p',
    value: 'PID',
    help: 'the process that user probes and samples are about',
  },
  cmd: {
    type: 'string',
    short: 'c',
    value: 'COMMAND',
    help: 'run it once all is attached, and end with it',
  },
  list: { type: 'boolean', short: 'l', help: 'list probes, those of a pattern if one is given' },
  verbose: { type: 'boolean', short: 'v', help: 'with -l: what args, or the struct, has' },
  'no-warnings': { type: 'boolean', help: 'say nothing of what was lost, nor what warnf says' },
  'dry-run': { type: 'boolean', help: 'compile and load nothing' },
  debug: { type: 'string', short: 'd', value: 'STAGE', help: 'print ast, types or asm, and end' },
  unsafe: { type: 'boolean', help: 'allow what changes the machine, as system()' },
  quiet: { type: 'boolean', short: 'q', help: 'say nothing but what the script says' },
  buffer: {
    type: 'string',
    short: 'B',
    value: 'MODE',
    help: 'line, full or none: output is written as it comes',
  },
  'usdt-file-activation': {
    type: 'boolean',
    help: 'taken, as bpftrace takes it: the kernel counts who traces a probe anyway',
  },
  info: { type: 'boolean', help: 'what of the language is there' },
} as const;

export const trace = command({
  name: 'trace',
  summary: "run a script of bpftrace's language, without a compiler",
  usage: '[X.bt] [ARGUMENTS]',
  about: [
    'Compiles the script to BPF, attaches it, and prints what it says; its maps at its end, which exit() and Ctrl-C are.',
    'Text and JSON are as bpftrace writes them. What of the language is there: --info, and docs/trace.md.',
  ],
  options,
  operands: [0, 64],
  rest: '--NAME=VALUE',
  examples: [
    'trace -e \'begin { printf("hello\\n"); }\'',
    "trace -e 'tracepoint:raw_syscalls:sys_enter /pid == $1/ { @[probe] = count(); }' 1234",
    "trace -l 'tracepoint:sched:*'",
  ],
  async run(input) {
    const { options: given, operands } = input;
    if (given.info) return printInfo();
    if (given.list)
      return print(
        listTraceProbes(operands[0], {
          fields: given.verbose === true,
          ...(given.pid !== undefined && { pid: processId(given.pid) }),
        })
          .map(each => `${each}\n`)
          .join(''),
      );
    return runOrShow(input);
  },
});

function printInfo(): 0 {
  const lines = table(
    [
      ['KIND', row => row.kind],
      ['NAME', row => row.name],
      ['STATE', row => row.state],
    ],
    traceFeatures(),
  );
  return print(`${lines.join('\n')}\n`);
}

async function runOrShow(input: Input<typeof options>): Promise<number> {
  const { options: given } = input;
  const format = word('format', given.format ?? 'text', ['text', 'json']);
  if (given.buffer !== undefined) word('buffer', given.buffer, ['line', 'full', 'none']);
  const pid = given.pid === undefined ? undefined : processId(given.pid);
  const child = given.cmd === undefined ? undefined : startChild(given.cmd);
  try {
    const compiled = compileInput(input, child?.pid, pid ?? child?.pid);
    if (given.debug !== undefined) return show(compiled, given.debug);
    if (given['dry-run']) return 0;
    using output = openOutput(given.output);
    return await runScript(compiled, {
      format,
      output,
      pid: pid ?? child?.pid,
      child,
      quiet: given.quiet === true,
      warns: given.quiet !== true && given['no-warnings'] !== true,
      silent: given['no-warnings'] === true,
    });
  } finally {
    child?.end();
  }
}

/** The script, and what stands behind it. */
function compileInput(
  { options: given, operands, rest }: Input<typeof options>,
  childPid: number | undefined,
  pid: number | undefined,
): CompiledTrace {
  const [file = '', ...more] = given.e === undefined ? operands : ['', ...operands];
  if (given.e === undefined && file === '')
    throw new UsageError('trace', 'give a script: -e SCRIPT, or a file');
  const text = given.e ?? readFileSync(file === '-' ? 0 : file, 'utf8');
  const name = given.e !== undefined || file === '-' ? 'stdin' : file;
  const unsafe = given.unsafe === true;
  return compileTrace(text, {
    name,
    unsafe,
    arguments: [...more, ...rest],
    ...(childPid !== undefined && { childPid }),
    ...(pid !== undefined && { pid }),
  });
}

function show(compiled: CompiledTrace, stage: string): number {
  word('debug', stage, ['ast', 'types', 'asm']);
  if (stage === 'ast') return print(`${compiled.tree()}\n`);
  return print(stage === 'types' ? compiled.types() : `${compiled}`);
}

function word<const Word extends string>(option: string, given: string, known: readonly Word[]): Word {
  const found = known.find(each => each === given);
  if (found !== undefined) return found;
  throw new UsageError('trace', `--${option} takes ${known.join(', ')}, not ${given}`);
}

function processId(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new UsageError('trace', `--pid takes the number of a process, not ${text}`);
}
