/** `libbpf-ts top`: what programs take, live. */

import { command, UsageError } from '../command/command.js';
import { Interruption } from '../command/interruption.js';
import { print, printScreen } from '../command/output.js';
import { replacer } from '../doors/codec.js';
import { type ProgramUsage, programUsage } from '../doors/inspect.js';
import { type Column, table } from './columns.js';

export const top = command({
  name: 'top',
  summary: 'show how often and how long programs run, and the share of a CPU that they take',
  usage: '',
  about: [
    'Has the kernel count runs and times of all programs for as long as it shows them: Linux 5.8. The busiest come',
    'first; 100 % is one CPU. Ends with Ctrl-C, or after --count measurements.',
  ],
  options: {
    json: { type: 'boolean', help: 'one JSON array a line for each measurement, with every program' },
    interval: { type: 'string', short: 'i', value: 'SECONDS', help: 'the time of a measurement; default: 1' },
    count: { type: 'string', short: 'n', value: 'NUMBER', help: 'end after so many' },
  },
  operands: [0, 0],
  examples: ['top', 'top -i 5 -n 1', 'top --json -n 1 | jq .[0].program.name'],
  async run({ options: { json, interval, count } }) {
    const milliseconds = number('interval', interval, 1) * 1000;
    let left = number('count', count, Number.POSITIVE_INFINITY);
    using interruption = new Interruption(undefined);
    for await (const rows of programUsage({ interval: milliseconds, signal: interruption.signal })) {
      if (json) print(`${JSON.stringify(rows, replacer)}\n`);
      else show(rows, milliseconds / 1000);
      if (--left <= 0) break;
    }
    return 0;
  },
});

function number(option: string, text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (value >= 0.001 && value < 1e6) return value;
  throw new UsageError('top', `--${option} takes a number, not ${text}`);
}

/** A terminal shows the newest alone, as much as fits; a file gets all of them. */
function show(rows: readonly ProgramUsage[], seconds: number): void {
  const lines = table(columnsFor(seconds), rows);
  if (process.stdout.isTTY) printScreen(`${lines.slice(0, (process.stdout.rows ?? 25) - 1).join('\n')}\n`);
  else print(`${lines.join('\n')}\n\n`);
}

function columnsFor(seconds: number): Column<ProgramUsage>[] {
  return [
    ['ID', ({ program }) => program.id],
    ['CPU %', ({ cpu }) => aligned(cpu * 100)],
    ['RUNS/S', ({ runs }) => Math.round(Number(runs) / seconds)],
    ['NS/RUN', ({ runs, runTime }) => (runs === 0n ? 0 : Number(runTime / runs))],
    ['RUNS', ({ program }) => Number(program.runs)],
    ['MISSED', ({ program }) => Number(program.missed)],
    ['TYPE', ({ program }) => program.type],
    ['NAME', ({ program }) => program.name],
  ];
}

function aligned(percent: number): string {
  return percent.toFixed(2).padStart(6);
}
