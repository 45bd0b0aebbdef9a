/** tcpconnect: TCP connections that processes ask for. */
import { defineTool, errnoName, stamped } from 'libbpf-ts/tool';
import { endsColumns, endsOf, portConstants, portOptions } from '../tcplife/addresses.js';
import { type Event, tcpconnect } from './tcpconnect.bpf.js';

export default defineTool({
  name: 'tcpconnect',
  summary: 'TCP connections that processes ask for, with what came of each and how long it took',
  about: [
    'A row for each connect() when it is decided: connected, refused, timed out, or closed by its process before that.',
  ],
  prints: 'events',
  options: portOptions,
  examples: ['tcpconnect', 'tcpconnect -D 5432 -n node', 'tcpconnect -- curl -s http://127.0.0.1/'],
  async run(session) {
    const rodata = { ...session.filters, ...portConstants(session.options) };
    await using bpf = await tcpconnect.load({ rodata });
    await session.follow(bpf, bpf.maps.events, {
      columns: [
        ...(['time', 'pid', 'comm'] as const),
        ...endsColumns,
        'duration',
        { name: 'result', width: 0 },
      ],
      row: rowOf,
      missed: () => bpf.globals.bss.missed,
      unfinished: () => [...bpf.maps.attempts.keys()].length,
    });
  },
});

function rowOf({ time, duration, pid, tid, uid, comm, connected, error, ends }: Event) {
  return {
    ...stamped(time),
    duration: Number(duration),
    ...{ pid, tid, uid, comm },
    ...endsOf(ends),
    result: connected ? 'connected' : (errnoName(-error) ?? 'closed'),
  };
}
