/** All functions and builtins of the language that work, by name. */
import { addresses } from './addresses.js';
import { aggregations } from './aggregations.js';
import { bytes } from './bytes.js';
import { checks } from './checks.js';
import { compileTime } from './compile-time.js';
import { config } from './config.js';
import { context } from './context.js';
import { mapFunctions } from './maps.js';
import { missingFunctions } from './missing.js';
import { output } from './output.js';
import type { FunctionRow } from './row.js';
import { search } from './search.js';
import { signals } from './signals.js';
import { stacks } from './stacks.js';
import { strings } from './strings.js';
import { symbols } from './symbols.js';
import { task } from './task.js';
import { tasks } from './tasks.js';
import { textTables } from './text-tables.js';
import { time } from './time.js';

/** Rows are made when they are first asked for: those that lower know this table, and it knows them. */
let rows: ReadonlyMap<string, FunctionRow> | undefined;

function table(): ReadonlyMap<string, FunctionRow> {
  rows ??= new Map(
    [
      ...[
        task,
        tasks,
        time,
        context,
        strings,
        addresses,
        search,
        bytes,
        textTables,
        symbols,
        stacks,
        mapFunctions,
      ],
      ...[aggregations, output, signals, compileTime, config, checks],
    ]
      .flat()
      .map(row => [row.name, row]),
  );
  return rows;
}

export function functionOf(name: string): FunctionRow | undefined {
  return table().get(name.replace(/^__builtin_/, ''));
}

export function knownNames(): string[] {
  return [...table().keys()];
}

/** True for what the language has and this compiler does not yet. */
export function isMissing(name: string): boolean {
  return missingFunctions.includes(name.replace(/^__builtin_/, ''));
}
