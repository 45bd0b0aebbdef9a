/** tcprtt: round trips of TCP connections. */
import { defineTool, histogramReader } from 'libbpf-ts/tool';
import { addressText, portConstants, portOptions } from '../tcplife/addresses.js';
import { type Side, tcprtt } from './tcprtt.bpf.js';

const noProcess = 'a segment comes in whatever process an interrupt meets; a socket has a user and a cgroup';
const groups = ['local', 'remote'];

export default defineTool({
  name: 'tcprtt',
  summary: 'round trips of TCP connections, as a histogram',
  about: [
    'Each segment that comes counts the smoothed round trip of its connection. Filters by user and cgroup mean those of the',
    'socket.',
  ],
  prints: 'intervals',
  options: {
    milliseconds: { type: 'boolean', short: 'm', help: 'in milliseconds' },
    by: { type: 'string', value: 'local|remote', help: 'a histogram for each address of that side' },
    ...portOptions,
  },
  refuses: { pid: noProcess, tid: noProcess, comm: noProcess, command: noProcess },
  examples: ['tcprtt -d 10', 'tcprtt -L 443 --by remote -i 5'],
  async run(session) {
    const { options, filters } = session;
    const { filter_uid, filter_cgroup } = filters;
    const rodata = { filter_uid, filter_cgroup, ...portConstants(options), by: groupOf(options.by) };
    const unit = options.milliseconds ? 1000 : 1;
    await using bpf = await tcprtt.load({ rodata: { ...rodata, unit } });
    const read = histogramReader(bpf.maps.trips);
    await session.measureHistograms(bpf, {
      unit: options.milliseconds ? 'msecs' : 'usecs',
      read: () => read().map(({ key, buckets }) => ({ of: labelOf(key, options.by), buckets })),
      missed: () => bpf.globals.bss.trips_missed,
    });
  },
});

function groupOf(text: string | undefined): number {
  if (text === undefined) return 0;
  if (groups.includes(text)) return groups.indexOf(text) + 1;
  throw new TypeError(`--by takes local or remote, not ${text}`);
}

function labelOf({ family, address }: Side, by: string | undefined): Record<string, string> {
  return by === undefined ? {} : { [by]: addressText(family, address) };
}
