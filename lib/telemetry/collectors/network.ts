/** The collector `network`. */
import {
  type CollectorRow,
  durationsOf,
  everywhere,
  type MetricRow,
  type Sample,
  sumsOf,
} from '../metric.js';

/** Numbers of the metrics in network.bpf.c. */
const metric = {
  connected: 1,
  notConnected: 2,
  transmit: 3,
  receive: 4,
  retransmitted: 5,
  resetSent: 6,
  resetReceived: 7,
  accepted: 8,
  roundTrips: 9,
} as const;

/** `IPPROTO_TCP` and `IPPROTO_UDP` in include/uapi/linux/in.h. */
const transports: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp' };

const hostOnly = { refused: 'the kernel counts them for a whole network, and for no process in it' } as const;
const ofHost = { process: hostOnly, cgroup: hostOnly, host: 'exact' } as const;

export const network: CollectorRow = {
  name: 'network',
  about:
    'connections that are made and accepted, their round trips, bytes through sockets, retransmissions and resets',
  metrics: [
    {
      name: 'kernel.tcp.connect.duration',
      kind: 'histogram',
      ...{ unit: 's', perUnit: 1e9 },
      help: 'How long it took to connect to a peer by TCP.',
      labels: [],
      coverage: everywhere,
      always: [[]],
      ...durationsOf('network', metric.connected),
    },
    {
      name: 'kernel.tcp.connect.errors',
      kind: 'counter',
      unit: '{error}',
      help: 'Connections by TCP that were refused, or given up before they were there.',
      labels: [],
      coverage: everywhere,
      always: [[]],
      ...sumsOf('network', metric.notConnected),
    },
    {
      name: 'kernel.tcp.accepts',
      kind: 'counter',
      unit: '{connection}',
      help: 'Connections by TCP that were accepted.',
      labels: [],
      coverage: everywhere,
      always: [[]],
      ...sumsOf('network', metric.accepted),
    },
    {
      name: 'kernel.tcp.round_trip.duration',
      kind: 'histogram',
      ...{ unit: 's', perUnit: 1e9 },
      help: 'Round trips of connections by TCP, as the kernel had smoothed them when one was closed.',
      labels: [],
      coverage: everywhere,
      always: [[]],
      ...durationsOf('network', metric.roundTrips),
    },
    {
      name: 'kernel.tcp.listen.overflows',
      kind: 'counter',
      unit: '{connection}',
      help: 'Connections that found no room in the queue of one who listens, in the network that observes.',
      labels: [],
      coverage: ofHost,
      always: [[]],
      samples: ({ files }) => [{ labels: [], value: files.network('ListenOverflows') }],
    },
    {
      name: 'process.network.io',
      names: { cgroup: 'kernel.network.io', host: 'kernel.network.io' },
      kind: 'counter',
      unit: 'By',
      help: 'Bytes that were sent and received by sockets of IP, without any header.',
      labels: ['network.io.direction', 'network.transport'],
      coverage: everywhere,
      always: ['transmit', 'receive'].flatMap(way => [
        [way, 'tcp'],
        [way, 'udp'],
      ]),
      source: 'network',
      hook: 'sock_send_length',
      samples: from => (['transmit', 'receive'] as const).flatMap(way => bytesOf(from, way)),
    },
    {
      name: 'kernel.tcp.retransmissions',
      kind: 'counter',
      unit: '{segment}',
      help: 'Segments that were sent again, for their peer had not acknowledged them.',
      labels: [],
      coverage: everywhere,
      always: [[]],
      ...sumsOf('network', metric.retransmitted),
    },
    {
      name: 'kernel.tcp.resets',
      kind: 'counter',
      unit: '{reset}',
      help: 'Resets of connections, sent and received.',
      labels: ['network.io.direction'],
      coverage: everywhere,
      always: [['transmit'], ['receive']],
      source: 'network',
      samples: from => {
        const { sums } = from.source('network');
        const count = (number: number) => sums.get(number)?.get(0) ?? 0n;
        return [
          { labels: ['transmit'], value: count(metric.resetSent) },
          { labels: ['receive'], value: count(metric.resetReceived) },
        ];
      },
    },
  ],
};

/** Other transports than these two are few: each is told by its number. */
function bytesOf(from: Parameters<MetricRow['samples']>[0], way: 'transmit' | 'receive'): Sample[] {
  const sums = from.source('network').sums.get(metric[way]) ?? [];
  return Array.from(sums, ([protocol, value]) => ({
    labels: [way, transports[protocol] ?? `protocol ${protocol}`],
    value,
  }));
}
