/** `libbpf-ts tools`: what is here besides commands. */
import { command } from '../command/command.js';
import { print } from '../command/output.js';
import { table } from './columns.js';
import { findTool, toolNames } from './tool-files.js';

export const tools = command({
  name: 'tools',
  summary: 'list the tools that show what a machine does: libbpf-ts opensnoop',
  usage: '',
  about: [
    'Each is run by its name and has a help of its own. None needs clang. All take the same filters, -p PID, -t TID, -u UID,',
    '-n COMM, --cgroup PATH, --container ID, end by -d SECONDS or Ctrl-C, print JSON lines by --json, and follow a command',
    'that stands behind --.',
  ],
  options: { json: { type: 'boolean', help: 'as one JSON array' } },
  operands: [0, 0],
  examples: ['tools', 'tools --json'],
  async run({ options: { json } }) {
    const found = await Promise.all(toolNames().map(name => findTool(name)));
    const rows = found.flatMap(tool => (tool ? [{ name: tool.name, summary: tool.summary }] : []));
    if (json) return print(`${JSON.stringify(rows)}\n`);
    const lines = table<(typeof rows)[number]>(
      [
        ['TOOL', row => row.name],
        ['SHOWS', row => row.summary],
      ],
      rows,
    );
    return print(`${lines.join('\n')}\n`);
  },
});
