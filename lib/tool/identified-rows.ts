/** Rows of processes with what they are besides their number: `--containers`. */
import { UsageError } from '../command/command.js';
import type { ProcessWatcher } from '../processes/index.js';
import type { ToolColumn } from './columns.js';

/** What is added to a row. */
export interface RowIdentity {
  /** The id of the process in its own pid namespace. */
  readonly namespacePid?: number | undefined;
  /** The whole id of its container. */
  readonly container?: string | undefined;
  /** `metadata.uid` of its pod. */
  readonly pod?: string | undefined;
}

const identityColumns: readonly ToolColumn<RowIdentity>[] = [
  { name: 'namespacePid', title: 'NSPID', width: 7, right: true },
  { name: 'container', width: 12, text: ({ container = '-' }) => container.slice(0, 12) },
];

/** The columns of a table, with those of the identity behind the process's own. */
export function withIdentity<Row extends object>(
  tool: string,
  columns: readonly ToolColumn<Row>[],
): readonly ToolColumn<Row>[] {
  const names = columns.map(({ name }): string => name);
  const process = Math.max(names.indexOf('pid'), names.indexOf('comm'));
  if (!names.includes('pid')) throw new UsageError(tool, noProcess);
  const added = identityColumns as unknown as readonly ToolColumn<Row>[];
  return columns.toSpliced(process + 1, 0, ...added);
}

/** Why rows that are not of processes have no container. */
export const noProcess = '--containers cannot be honoured: what it prints is not of processes';

/** A row with what is known of its process. */
export function identify<Row extends object>(row: Row, processes: ProcessWatcher): Row & RowIdentity {
  const { pid } = row as { readonly pid?: unknown };
  const known = typeof pid === 'number' && pid > 0 ? processes.at(pid) : undefined;
  if (known === undefined) return row;
  const { namespacePid, container } = known;
  return { ...row, namespacePid, container: container?.id, pod: container?.pod?.uid };
}
