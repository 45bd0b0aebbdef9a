/** Help, derived from the table of commands. */
import type { Command, Option } from './command.js';

const title = 'libbpf-ts: load, attach and read eBPF programs from Node.js';

/** What `libbpf-ts help` prints. */
export function overview(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }): Row => [name, summary]);
  const own: Row[] = [
    ['help [COMMAND]', 'explain a command'],
    ['--version', 'print the version'],
  ];
  return sections([[title], ['Commands:', ...table([...rows, ...own])]]);
}

/** What `libbpf-ts help COMMAND` prints. */
export function helpOf(command: Command): string {
  const { name, usage, about, options, rest, examples } = command;
  const behind = rest === undefined ? '' : ` [-- ${rest}]`;
  const rows = Object.entries(options).map(([long, option]): Row => [flag(long, option), option.help]);
  return sections([
    [`Usage: libbpf-ts ${name}${rows.length > 0 ? ' [OPTIONS]' : ''} ${usage}${behind}`.trimEnd()],
    about,
    rows.length > 0 ? ['Options:', ...table(rows)] : [],
    ['Examples:', ...examples.map(example => `  libbpf-ts ${example}`)],
  ]);
}

type Row = readonly [left: string, right: string];

function flag(long: string, { short, value }: Option): string {
  const name = short === undefined ? `    --${long}` : `-${short}, --${long}`;
  return value === undefined ? name : `${name} ${value}`;
}

function table(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

function sections(parts: readonly (readonly string[])[]): string {
  const filled = parts.filter(lines => lines.length > 0);
  return `${filled.map(lines => lines.join('\n')).join('\n\n')}\n`;
}
