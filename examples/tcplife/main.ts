/** tcplife: TCP connections that have ended, whose they were, how long they lasted, what they carried. */
import { defineTool, stamped } from 'libbpf-ts/tool';
import { endsColumns, endsOf, portConstants, portOptions } from './addresses.js';
import { type Event, tcplife } from './tcplife.bpf.js';

export default defineTool({
  name: 'tcplife',
  summary: 'TCP connections that end, with processes, addresses, bytes and times',
  about: [
    'A row for each connection when its socket is closed; those that are there already when it starts are not shown. The',
    'process is the one that closed it, or that connected; of one that was reset before, neither may be known. Filters by',
    'process mean it.',
  ],
  prints: 'events',
  options: portOptions,
  examples: ['tcplife', 'tcplife -D 443', 'tcplife --json -- curl -s http://127.0.0.1/'],
  async run(session) {
    const rodata = { ...session.filters, ...portConstants(session.options) };
    await using bpf = await tcplife.load({ rodata });
    const bytes = { width: 10, right: true };
    await session.follow(bpf, bpf.maps.events, {
      columns: [
        ...(['time', 'pid', 'comm'] as const),
        ...endsColumns,
        { name: 'received', ...bytes },
        { name: 'sent', ...bytes },
        'duration',
      ],
      row: rowOf,
      missed: () => bpf.globals.bss.missed,
    });
  },
});

function rowOf({ time, duration, pid, tid, uid, comm, ...event }: Event) {
  return {
    ...stamped(time),
    duration: Number(duration),
    ...{ pid, tid, uid, comm },
    ...endsOf(event),
    received: event.received,
    sent: event.sent,
  };
}
