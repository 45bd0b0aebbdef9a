/** tcplife: TCP connections that have ended, whose they were, how long they lasted, what they carried. */
import { defineTool, stamped } from 'libbpf-ts/tool';
import { addressText, portOf } from './addresses.js';
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
  options: {
    'local-port': { type: 'string', short: 'L', value: 'PORT', help: 'only this port on this side' },
    'remote-port': { type: 'string', short: 'D', value: 'PORT', help: 'only this port on the other side' },
  },
  examples: ['tcplife', 'tcplife -D 443', 'tcplife --json -- curl -s http://127.0.0.1/'],
  async run(session) {
    const rodata = {
      ...session.filters,
      only_local_port: portOf('local-port', session.options['local-port']),
      only_remote_port: portOf('remote-port', session.options['remote-port']),
    };
    await using bpf = await tcplife.load({ rodata });
    const port = { width: 5, right: true };
    const bytes = { width: 10, right: true };
    await session.follow(bpf, bpf.maps.events, {
      columns: [
        ...(['time', 'pid', 'comm'] as const),
        { name: 'local', width: 15 },
        { name: 'localPort', title: 'LPORT', ...port },
        { name: 'remote', width: 15 },
        { name: 'remotePort', title: 'RPORT', ...port },
        { name: 'received', ...bytes },
        { name: 'sent', ...bytes },
        'duration',
      ],
      row: rowOf,
      missed: () => bpf.globals.bss.missed,
    });
  },
});

function rowOf({ time, duration, pid, tid, uid, comm, family, ...event }: Event) {
  return {
    ...stamped(time),
    duration: Number(duration),
    ...{ pid, tid, uid, comm },
    local: addressText(family, event.local),
    localPort: event.local_port,
    remote: addressText(family, event.remote),
    remotePort: event.remote_port,
    received: event.received,
    sent: event.sent,
  };
}
