/** tcpstates: changes of state of TCP sockets. */
import { defineTool, stamped } from 'libbpf-ts/tool';
import { endsColumns, endsOf, portConstants, portOptions } from '../tcplife/addresses.js';
import { stateName } from './states.js';
import { type Event, tcpstates } from './tcpstates.bpf.js';

const noProcess =
  'a state is changed by whatever process an interrupt meets; a socket has a user and a cgroup';

export default defineTool({
  name: 'tcpstates',
  summary: 'changes of state of TCP sockets, and how long each state lasted',
  about: [
    'A row for each change. Filters by user and cgroup mean those of the socket. MS is the time in the state before, empty',
    'where its beginning was not seen.',
  ],
  prints: 'events',
  options: portOptions,
  refuses: { pid: noProcess, tid: noProcess, comm: noProcess, command: noProcess },
  examples: ['tcpstates', 'tcpstates -D 443 --json'],
  async run(session) {
    const { filter_uid, filter_cgroup } = session.filters;
    const rodata = { filter_uid, filter_cgroup, ...portConstants(session.options) };
    await using bpf = await tcpstates.load({ rodata });
    await session.follow(bpf, bpf.maps.events, {
      columns: [
        'time',
        ...endsColumns,
        { name: 'before', width: 11 },
        { name: 'after', width: 11 },
        {
          name: 'duration',
          title: 'MS',
          width: 10,
          right: true,
          text: ({ duration }) => milliseconds(duration),
        },
      ],
      row: rowOf,
      missed: () => bpf.globals.bss.missed,
    });
  },
});

function milliseconds(duration: number | undefined): string {
  return duration === undefined ? '-' : (duration / 1e6).toFixed(3);
}

function rowOf({ time, duration, socket, uid, ...event }: Event) {
  return {
    ...stamped(time),
    duration: duration === 0n ? undefined : Number(duration),
    socket: `0x${socket.toString(16)}`,
    uid,
    ...endsOf(event),
    before: stateName(event.before),
    after: stateName(event.after),
  };
}
