/** syncsnoop: calls that have data written to disks, and how long they took. */
import { defineTool, errnoName, stamped } from 'libbpf-ts/tool';
import { type Event, syncsnoop } from './syncsnoop.bpf.js';

export default defineTool({
  name: 'syncsnoop',
  summary: 'calls that have data written to disks, of which files, and how long they took',
  about: [
    'A row for each sync, syncfs, fsync, fdatasync, msync and sync_file_range, when it has ended. FILE is the name of the',
    'file without its directory, up to 63 bytes.',
  ],
  prints: 'events',
  examples: ['syncsnoop', 'syncsnoop -n postgres', 'syncsnoop --json -- sync'],
  async run(session) {
    await using bpf = await syncsnoop.load({ rodata: { ...session.filters } });
    await session.follow(bpf, bpf.maps.events, {
      columns: [
        ...(['time', 'pid', 'comm'] as const),
        { name: 'call', width: 15 },
        ...(['error', 'duration'] as const),
        { name: 'file', width: 0 },
      ],
      row: rowOf,
      missed: () => bpf.globals.bss.missed,
      unfinished: () => [...bpf.maps.calls.keys()].length,
    });
  },
});

/** By the number that syncsnoop.bpf.c gives each. */
const calls = ['sync', 'syncfs', 'fsync', 'fdatasync', 'msync', 'sync_file_range'];

function rowOf({ time, duration, pid, tid, uid, comm, result, descriptor, call, file }: Event) {
  return {
    ...stamped(time),
    duration: Number(duration),
    ...{ pid, tid, uid, comm, call: calls[call] },
    error: errnoName(result),
    fd: descriptor < 0 ? undefined : descriptor,
    file: file === '' ? undefined : file,
  };
}
