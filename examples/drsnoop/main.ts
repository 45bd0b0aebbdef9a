/** drsnoop: threads that have to free memory before they get some. */
import { defineTool, stamped } from 'libbpf-ts/tool';
import { drsnoop, type Event } from './drsnoop.bpf.js';

export default defineTool({
  name: 'drsnoop',
  summary: 'threads that have to free memory before they get some, for how long, with what result',
  about: [
    'A row for each reclaim when it has ended. FOR is the machine where its memory was short, or the cgroup where that had',
    'reached its limit.',
  ],
  prints: 'events',
  examples: ['drsnoop', 'drsnoop --container 2d5c0c8e53a0', 'drsnoop --json -- make -j 64'],
  async run(session) {
    await using bpf = await drsnoop.load({ rodata: session.filters });
    await session.follow(bpf, bpf.maps.events, {
      // A kernel without CONFIG_MEMCG has none.
      attach: { optional: ['cgroup_began', 'cgroup_ended'] },
      columns: [
        ...(['time', 'pid', 'tid', 'comm', 'duration'] as const),
        { name: 'pages', width: 7, right: true },
        { name: 'order', width: 5, right: true },
        { name: 'for', width: 0 },
      ],
      row: rowOf,
      missed: () => bpf.globals.bss.missed,
      unfinished: () => [...bpf.maps.calls.keys()].length,
    });
  },
});

function rowOf({ time, duration, pages, pid, tid, uid, comm, order, of_cgroup }: Event) {
  return {
    ...stamped(time),
    duration: Number(duration),
    ...{ pid, tid, uid, comm },
    pages: Number(pages),
    order,
    for: of_cgroup ? 'cgroup' : 'machine',
  };
}
