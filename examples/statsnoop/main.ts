/** statsnoop: looks at the status of files, with whole paths and results. */
import { absolutePath, defineTool, errnoName, stamped } from 'libbpf-ts/tool';
import { type Event, statsnoop } from './statsnoop.bpf.js';

export default defineTool({
  name: 'statsnoop',
  summary: 'files whose status is asked for, by whom, with what result',
  about: [
    'A row for each stat, lstat, fstatat, statx and statfs, when it has ended. Paths are absolute: relative ones begin at the',
    'working directory or at the directory that the call names, and a chroot shows before all of them.',
  ],
  prints: 'events',
  options: {
    failures: { type: 'boolean', short: 'x', help: 'only calls that failed' },
  },
  examples: ['statsnoop -p 4711', 'statsnoop -x -- make', 'statsnoop --json -- ls | jq .path'],
  async run(session) {
    const rodata = { ...session.filters, failures_only: session.options.failures ?? false };
    await using bpf = await statsnoop.load({ rodata });
    await session.follow(bpf, bpf.maps.events, {
      // Processors that came after x86 have no such calls.
      attach: process.arch === 'x64' ? {} : { optional: x86Alone },
      columns: ['time', 'pid', 'comm', { name: 'call', width: 8 }, 'error', 'path'],
      row: rowOf,
      missed: () => bpf.globals.bss.missed,
      unfinished: () => [...bpf.maps.calls.keys()].length,
    });
  },
});

const x86Alone = ['enter_newstat', 'leave_newstat', 'enter_newlstat', 'leave_newlstat'];

/** By the number that statsnoop.bpf.c gives each. */
const calls = ['stat', 'lstat', 'fstatat', 'statx', 'statfs'];

function rowOf(event: Event) {
  const { time, duration, pid, tid, uid, comm, result, flags, mode, truncated, unreadable } = event;
  return {
    ...stamped(time),
    duration: Number(duration),
    ...{ pid, tid, uid, comm, call: calls[mode] },
    error: errnoName(result),
    ...{ flags, path: absolutePath(event.text, truncated), truncated, unreadable },
  };
}
