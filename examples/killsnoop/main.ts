/** killsnoop: signals that processes send. */
import { constants } from 'node:os';
import { defineTool, errnoName, stamped } from 'libbpf-ts/tool';
import { type Event, killsnoop } from './killsnoop.bpf.js';

export default defineTool({
  name: 'killsnoop',
  summary: 'signals that processes send, to whom, with what result',
  about: [
    'A row for each kill, tkill, tgkill and pidfd_send_signal, when it has ended. TARGET is what the call names: a process',
    'or thread, 0 or a negative number for groups of processes, fd N for a descriptor of a process.',
  ],
  prints: 'events',
  options: {
    failures: { type: 'boolean', short: 'x', help: 'only calls that failed' },
    signal: { type: 'string', short: 's', value: 'SIGNAL', help: 'only this signal, by name or number' },
  },
  examples: ['killsnoop', 'killsnoop -s SIGKILL', 'killsnoop -x --json'],
  async run(session) {
    const { failures = false, signal } = session.options;
    const only_signal = signal === undefined ? 0 : signalNumber(signal);
    await using bpf = await killsnoop.load({
      rodata: { ...session.filters, failures_only: failures, only_signal },
    });
    await session.follow(bpf, bpf.maps.events, {
      columns: [
        ...(['time', 'pid', 'comm'] as const),
        { name: 'signal', width: 9 },
        {
          name: 'target',
          width: 7,
          right: true,
          text: row => (row.byDescriptor ? `fd ${row.target}` : row.target),
        },
        'error',
      ],
      row: rowOf,
      missed: () => bpf.globals.bss.missed,
      unfinished: () => [...bpf.maps.calls.keys()].length,
    });
  },
});

const names = new Map<number, string>(
  Object.entries(constants.signals).map(([name, number]) => [number, name]),
);

function signalNumber(signal: string): number {
  const named: Readonly<Record<string, number>> = constants.signals;
  const number = /^\d+$/.test(signal) ? Number(signal) : named[signal];
  if (number !== undefined && number > 0 && number <= 64) return number;
  throw new TypeError(`--signal takes a name, as SIGTERM, or a number up to 64, not ${signal}`);
}

function rowOf({ time, pid, tid, uid, comm, signal, target, by_descriptor: byDescriptor, result }: Event) {
  const name = names.get(signal) ?? String(signal);
  return {
    ...stamped(time),
    pid,
    tid,
    uid,
    comm,
    signal: name,
    target,
    byDescriptor,
    error: errnoName(result),
  };
}
