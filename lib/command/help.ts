/** Help of one command, derived from its row. */
import type { Command, Option } from './command.js';

/**
 * What `libbpf-ts help COMMAND` prints.
 *
 * @param program - what stands before the command's name
 */
export function helpOf(command: Command, program = 'libbpf-ts'): string {
  const before = program === '' ? '' : `${program} `;
  const { name, usage, about, options, rest, examples } = command;
  const behind = rest === undefined ? '' : ` [-- ${rest}]`;
  const rows = Object.entries(options)
    .filter(([, { hidden }]) => !hidden)
    .map(([long, option]): Row => [flag(long, option), option.help]);
  return sections([
    [`Usage: ${before}${name}${rows.length > 0 ? ' [OPTIONS]' : ''}${usage && ` ${usage}`}${behind}`],
    about,
    rows.length > 0 ? ['Options:', ...table(rows)] : [],
    ['Examples:', ...examples.map(example => `  ${before}${example}`)],
  ]);
}

/** A name and what is said of it. */
export type Row = readonly [left: string, right: string];

function flag(long: string, { short, value }: Option): string {
  const name = short === undefined ? `    --${long}` : `-${short}, --${long}`;
  return value === undefined ? name : `${name} ${value}`;
}

/** Lines of two columns. */
export function table(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

/** Paragraphs; those without lines are left out. */
export function sections(parts: readonly (readonly string[])[]): string {
  const filled = parts.filter(lines => lines.length > 0);
  return `${filled.map(lines => lines.join('\n')).join('\n\n')}\n`;
}
