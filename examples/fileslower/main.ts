/** fileslower: reads, writes and syncs of files that take long. */
import { absolutePath, defineTool, errnoName, stamped } from 'libbpf-ts/tool';
import { type Event, fileslower } from './fileslower.bpf.js';

export default defineTool({
  name: 'fileslower',
  summary: 'reads, writes and syncs of regular files that take long, by whom, of which file',
  about: [
    'A row for each call of read, write, fsync and their like that took at least so long, whatever it waited for: a disk, a',
    'lock, a CPU. It comes when the call has ended.',
  ],
  prints: 'events',
  options: {
    minimum: {
      type: 'string',
      short: 'm',
      value: 'MS',
      help: 'at least so many milliseconds; 10 by default',
    },
  },
  examples: ['fileslower', 'fileslower -m 100 -n postgres', 'fileslower -m 0 --json -- make'],
  async run(session) {
    const minimum = BigInt(session.number('minimum', 0) ?? 10) * 1_000_000n;
    await using bpf = await fileslower.load({ rodata: { ...session.filters, minimum } });
    await session.follow(bpf, bpf.maps.events, {
      columns: [
        ...(['time', 'pid', 'comm', 'duration'] as const),
        { name: 'call', width: 5 },
        { name: 'bytes', width: 9, right: true },
        ...(['error', 'path'] as const),
      ],
      row: rowOf,
      missed: () => bpf.globals.bss.missed,
      unfinished: () => [...bpf.maps.calls.keys()].length,
    });
  },
});

/** enum call_kind in fileslower.bpf.c. */
const calls = ['read', 'write', 'sync'];

function rowOf({ time, duration, pid, tid, uid, comm, call, result, path, truncated }: Event) {
  const error = errnoName(Number(result));
  return {
    ...stamped(time),
    duration: Number(duration),
    ...{ pid, tid, uid, comm },
    call: calls[call] ?? `call ${call}`,
    bytes: error === undefined ? Number(result) : undefined,
    error,
    path: absolutePath(path, truncated),
    truncated,
  };
}
