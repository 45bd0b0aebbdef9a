/** Calls as rows of a table, none wider than the terminal. */
import type { Call } from './call.js';
import { clipped, escaped, quoted } from './text.js';

/** One column: its heading, its width, and what stands in it. */
interface Column {
  readonly heading: string;
  readonly width: number;
  readonly right?: boolean;
  readonly text: (call: Call) => string;
}

const columns: readonly Column[] = [
  { heading: 'TIME', width: 12, text: ({ time }) => clock(time) },
  { heading: 'PID', width: 7, right: true, text: ({ pid }) => String(pid) },
  { heading: 'PPID', width: 7, right: true, text: ({ ppid }) => String(ppid) },
  { heading: 'UID', width: 5, right: true, text: ({ uid }) => String(uid) },
  { heading: 'RET', width: 7, text: ({ error = '0' }) => error },
  { heading: 'COMM', width: 15, text: ({ comm }) => escaped(comm) },
  { heading: 'ARGS', width: 0, text: commandLine },
];

/** What was executed. */
export type CommandWords = Pick<Call, 'path' | 'args' | 'args_count' | 'truncated' | 'interpreted'>;

/** A table; `users` adds the column UID, which a single process tree seldom needs. */
export class Table {
  readonly #columns: readonly Column[];

  constructor({ users }: { readonly users: boolean }) {
    this.#columns = columns.filter(({ heading }) => users || heading !== 'UID');
  }

  /** The heading, aligned as the rows are. */
  heading(): string {
    return this.#columns.map(({ heading, width, right }) => aligned(heading, width, right)).join(' ');
  }

  /** @param width - the terminal's columns; Infinity for a file or pipe */
  row(call: Call, width: number): string {
    const cells = this.#columns.map(column => aligned(column.text(call), column.width, column.right));
    return clipped(cells.join(' ').trimEnd(), width);
  }
}

function aligned(text: string, width: number, right = false): string {
  return right ? text.padStart(width) : text.padEnd(width);
}

function clock(time: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const milliseconds = String(time.getMilliseconds()).padStart(3, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${milliseconds}`;
}

/** The file in place of the first argument, which is only its name; `…` for what was not kept. */
export function commandLine({ path, args, args_count, truncated, interpreted }: CommandWords): string {
  const words = interpreted ? args : [path, ...args.slice(1)];
  const left = args_count - args.length;
  const rest = left > 0 ? [`… and ${left} more`] : truncated ? ['…'] : [];
  return [...words.map(quoted), ...rest].join(' ');
}
