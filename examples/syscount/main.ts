/** syscount: how often each system call is made. */
import { constants } from 'node:os';
import { syscallName } from 'libbpf-ts/symbols';
import { countReader, defineTool, type ToolColumn } from 'libbpf-ts/tool';
import { syscount } from './syscount.bpf.js';

export default defineTool({
  name: 'syscount',
  summary: 'how often each system call is made, with errors and times',
  about: [
    'Calls are counted when they have ended, the most frequent first; those that never end, such as exit, are not. With -L,',
    'calls that began before are left out.',
  ],
  prints: 'intervals',
  options: {
    failures: { type: 'boolean', short: 'x', help: 'only calls that failed' },
    error: {
      type: 'string',
      short: 'e',
      value: 'ERROR',
      help: 'only calls that ended with this error, as ENOENT or 2',
    },
    latency: {
      type: 'boolean',
      short: 'L',
      help: 'the time that calls took, too, and the longest sum first',
    },
    processes: { type: 'boolean', short: 'P', help: 'by process, not by call' },
    top: { type: 'string', short: 'T', value: 'ROWS', help: 'so many rows; default: all' },
  },
  examples: ['syscount -d 10', 'syscount -P -i 1', 'syscount -L -- make', 'syscount -e EAGAIN -p 4711'],
  async run(session) {
    const { failures = false, latency = false, processes = false, error, top } = session.options;
    const rodata = {
      ...session.filters,
      ...{ by_process: processes, failures_only: failures, measure: latency },
      only_error: error === undefined ? 0 : errorNumber(error),
    };
    await using opened = await syscount.open({ rodata });
    opened.programs.enter.autoload = latency;
    await using bpf = await opened.load();
    const read = countReader(bpf.maps.counts, ({ calls, errors, time }) => [calls, errors, time]);
    await session.measureRows(bpf, {
      columns: columnsFor(processes, latency),
      read: () =>
        read()
          .map(({ key, value, grown }) => rowOf(processes, latency, key, value.comm, grown))
          .sort((a, b) => (b.nanoseconds ?? b.calls) - (a.nanoseconds ?? a.calls))
          .slice(0, top === undefined ? undefined : Number(top)),
      missed: () => bpf.globals.bss.missed,
    });
  },
});

interface Row {
  readonly pid: number | undefined;
  readonly comm: string | undefined;
  readonly call: string | undefined;
  readonly calls: number;
  readonly errors: number;
  readonly nanoseconds: number | undefined;
}

function rowOf(
  processes: boolean,
  latency: boolean,
  { pid, call }: { readonly pid: number; readonly call: number },
  comm: string,
  [calls = 0n, errors = 0n, time = 0n]: readonly bigint[],
): Row {
  return {
    ...(processes
      ? { pid, comm, call: undefined }
      : { pid: undefined, comm: undefined, call: syscallName(call) }),
    calls: Number(calls),
    errors: Number(errors),
    nanoseconds: latency ? Number(time) : undefined,
  };
}

function columnsFor(processes: boolean, latency: boolean): ToolColumn<Row>[] {
  const number = { width: 10, right: true };
  return [
    ...(processes
      ? [
          { name: 'pid' as const, width: 7, right: true },
          { name: 'comm' as const, width: 15 },
        ]
      : [{ name: 'call' as const, width: 22 }]),
    { name: 'calls', ...number },
    { name: 'errors', ...number },
    ...(latency
      ? [
          {
            name: 'nanoseconds' as const,
            title: 'MS',
            ...number,
            text: ({ nanoseconds = 0 }: Row) => (nanoseconds / 1e6).toFixed(3),
          },
        ]
      : []),
  ];
}

function errorNumber(error: string): number {
  const named: Readonly<Record<string, number>> = constants.errno;
  const number = /^\d+$/.test(error) ? Number(error) : named[error];
  if (number !== undefined && number > 0 && number <= 4095) return number;
  throw new TypeError(`--error takes a name, as ENOENT, or a number up to 4095, not ${error}`);
}
