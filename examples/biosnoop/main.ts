/** biosnoop: requests to disks, with whose they are and how long they took. */
import { defineTool, stamped } from 'libbpf-ts/tool';
import { biosnoop, type Event } from './biosnoop.bpf.js';
import { diskError, diskName, diskNumber, diskOption, flagsOf, operationName } from './disks.js';

export default defineTool({
  name: 'biosnoop',
  summary: 'requests to disks, by whom, how large, and how long they took',
  about: [
    'A row for each request when the disk has answered. The process is the one that the request was made in: of what was',
    'written into memory before, a thread of the kernel. Filters by process mean it.',
  ],
  prints: 'events',
  options: {
    ...diskOption,
    minimum: {
      type: 'string',
      short: 'm',
      value: 'MS',
      help: 'only requests that took so long, waiting too',
    },
  },
  examples: ['biosnoop --disk sda', 'biosnoop -m 10', 'biosnoop --json -- sync'],
  async run(session) {
    const rodata = {
      ...session.filters,
      block_disk: diskNumber(session.options.disk),
      least: BigInt(session.number('minimum') ?? 0) * 1_000_000n,
    };
    await using bpf = await biosnoop.load({ rodata });
    await session.follow(bpf, bpf.maps.events, {
      columns: [
        ...(['time', 'pid', 'comm'] as const),
        { name: 'disk', width: 8 },
        { name: 'operation', width: 9 },
        { name: 'sector', width: 11, right: true },
        { name: 'bytes', width: 8, right: true },
        { name: 'queued', width: 8, right: true, text: ({ queued }) => (queued / 1e6).toFixed(3) },
        'duration',
        'error',
      ],
      row: rowOf,
      missed: () => bpf.globals.bss.block_missed,
    });
  },
});

function rowOf({ time, duration, queued, pid, tid, uid, comm, ...event }: Event) {
  return {
    ...stamped(time),
    duration: Number(duration),
    queued: Number(queued),
    ...{ pid, tid, uid, comm },
    disk: diskName(event.disk),
    operation: operationName(event.operation),
    flags: flagsOf(event.flags),
    // What is about no place of the disk, as a flush, has the greatest number.
    sector: event.sector < 1n << 63n ? event.sector : undefined,
    bytes: event.bytes,
    error: diskError(event.error),
  };
}
