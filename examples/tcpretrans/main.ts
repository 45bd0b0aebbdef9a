/** tcpretrans: TCP segments that are sent again. */
import { defineTool, errnoName, stamped } from 'libbpf-ts/tool';
import { endsColumns, endsOf, portConstants, portOptions } from '../tcplife/addresses.js';
import { stateName } from '../tcpstates/states.js';
import { type Event, tcpretrans } from './tcpretrans.bpf.js';

const noProcess =
  'segments are sent again by timers and interrupts, of no process; a socket has a user and a cgroup';

export default defineTool({
  name: 'tcpretrans',
  summary: 'TCP segments that are sent again, of which connection, and what is in them',
  about: [
    'A row for each segment, probes at the tail and answers to a SYN too. Filters by user and cgroup mean those of the',
    'socket; of a connection that is not accepted yet, of the one that listens.',
  ],
  prints: 'events',
  options: portOptions,
  refuses: { pid: noProcess, tid: noProcess, comm: noProcess, command: noProcess },
  examples: ['tcpretrans', 'tcpretrans -D 443 --json'],
  async run(session) {
    const { filter_uid, filter_cgroup } = session.filters;
    const rodata = { filter_uid, filter_cgroup, ...portConstants(session.options) };
    await using bpf = await tcpretrans.load({ rodata });
    await session.follow(bpf, bpf.maps.events, {
      columns: [
        'time',
        ...endsColumns,
        { name: 'state', width: 12 },
        { name: 'segment', width: 7 },
        { name: 'bytes', width: 6, right: true },
      ],
      row: rowOf,
    });
  },
});

/** Flags in the header of a segment: RFC 9293. */
const [fin, syn, ack] = [1, 2, 16];

function segmentOf(flags: number, bytes: number): string {
  if (flags & syn) return flags & ack ? 'SYN ACK' : 'SYN';
  return bytes === 0 && flags & fin ? 'FIN' : 'data';
}

function rowOf({ time, socket, uid, ends, state, flags, sequence, bytes, error }: Event) {
  return {
    ...stamped(time),
    socket: `0x${socket.toString(16)}`,
    uid,
    ...endsOf(ends),
    state: stateName(state),
    segment: segmentOf(flags, bytes),
    sequence,
    bytes,
    error: error > 0 ? 'dropped' : errnoName(error),
  };
}
