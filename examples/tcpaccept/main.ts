/** tcpaccept: TCP connections that processes accept. */
import { defineTool, stamped } from 'libbpf-ts/tool';
import { endsColumns, endsOf, portConstants, portOptions } from '../tcplife/addresses.js';
import { type Event, tcpaccept } from './tcpaccept.bpf.js';

export default defineTool({
  name: 'tcpaccept',
  summary: 'TCP connections that processes accept, and how long each had waited for that',
  about: [
    'A row for each accept() that gives a connection. MS is the time that it lay in the queue of its listener.',
  ],
  prints: 'events',
  options: portOptions,
  examples: ['tcpaccept', 'tcpaccept -L 8080 --json', 'tcpaccept -n nginx'],
  async run(session) {
    const rodata = { ...session.filters, ...portConstants(session.options) };
    await using bpf = await tcpaccept.load({ rodata });
    await session.follow(bpf, bpf.maps.events, {
      columns: [
        ...(['time', 'pid', 'comm'] as const),
        { name: 'fd', width: 4, right: true },
        ...endsColumns,
        { name: 'waited', title: 'MS', width: 10, right: true, text: ({ waited }) => milliseconds(waited) },
      ],
      row: rowOf,
      missed: () => bpf.globals.bss.missed,
    });
  },
});

function milliseconds(waited: number | undefined): string {
  return waited === undefined ? '-' : (waited / 1e6).toFixed(3);
}

function rowOf({ time, waited, pid, tid, uid, comm, fd, ends }: Event) {
  return {
    ...stamped(time),
    waited: waited === 0n ? undefined : Number(waited),
    ...{ pid, tid, uid, comm, fd },
    ...endsOf(ends),
  };
}
