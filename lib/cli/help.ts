/** Help, derived from the table of commands. */
import type { Command } from '../command/command.js';
import { type Row, sections, table } from '../command/help.js';

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
