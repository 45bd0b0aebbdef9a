/** tcpstates: changes of state of TCP sockets. */
import { defineTool, stamped } from 'libbpf-ts/tool';
import { addressText, portOf } from '../tcplife/addresses.js';
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
  options: {
    'local-port': { type: 'string', short: 'L', value: 'PORT', help: 'only this port on this side' },
    'remote-port': { type: 'string', short: 'D', value: 'PORT', help: 'only this port on the other side' },
  },
  refuses: { pid: noProcess, tid: noProcess, comm: noProcess, command: noProcess },
  examples: ['tcpstates', 'tcpstates -D 443 --json'],
  async run(session) {
    const { filter_uid, filter_cgroup } = session.filters;
    const rodata = {
      ...{ filter_uid, filter_cgroup },
      only_local_port: portOf('local-port', session.options['local-port']),
      only_remote_port: portOf('remote-port', session.options['remote-port']),
    };
    await using bpf = await tcpstates.load({ rodata });
    const port = { width: 5, right: true };
    await session.follow(bpf, bpf.maps.events, {
      columns: [
        'time',
        { name: 'local', width: 15 },
        { name: 'localPort', title: 'LPORT', ...port },
        { name: 'remote', width: 15 },
        { name: 'remotePort', title: 'RPORT', ...port },
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

/** By their numbers: include/net/tcp_states.h. */
const states = [
  ...[
    '',
    'ESTABLISHED',
    'SYN_SENT',
    'SYN_RECV',
    'FIN_WAIT1',
    'FIN_WAIT2',
    'TIME_WAIT',
    'CLOSE',
    'CLOSE_WAIT',
  ],
  ...['LAST_ACK', 'LISTEN', 'CLOSING', 'NEW_SYN_RECV', 'BOUND_INACTIVE'],
];

function milliseconds(duration: number | undefined): string {
  return duration === undefined ? '-' : (duration / 1e6).toFixed(3);
}

function rowOf({ time, duration, socket, uid, family, ...event }: Event) {
  return {
    ...stamped(time),
    duration: duration === 0n ? undefined : Number(duration),
    socket: `0x${socket.toString(16)}`,
    uid,
    local: addressText(family, event.local),
    localPort: event.local_port,
    remote: addressText(family, event.remote),
    remotePort: event.remote_port,
    before: states[event.before],
    after: states[event.after],
  };
}
