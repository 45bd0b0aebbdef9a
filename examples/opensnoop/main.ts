/** opensnoop: files that are opened, with whole paths and results. */
import { absolutePath, defineTool, errnoName, stamped } from 'libbpf-ts/tool';
import { type Event, opensnoop } from './opensnoop.bpf.js';

export default defineTool({
  name: 'opensnoop',
  summary: 'files that are opened, by whom, with what result',
  about: [
    'A row for each open, creat, openat and openat2, when it has ended. Paths are absolute: relative ones begin at the',
    'working directory or at the directory that the call names, and a chroot shows before all of them.',
  ],
  prints: 'events',
  options: {
    failures: { type: 'boolean', short: 'x', help: 'only calls that failed' },
  },
  examples: ['opensnoop -p 4711', 'opensnoop -x -n node', 'opensnoop --json -- ls | jq .path'],
  async run(session) {
    const rodata = { ...session.filters, failures_only: session.options.failures ?? false };
    await using bpf = await opensnoop.load({ rodata });
    await session.follow(bpf, bpf.maps.events, {
      // Processors that came after x86 have no such calls.
      attach: process.arch === 'x64' ? {} : { optional: x86Alone },
      columns: ['time', 'pid', 'comm', { name: 'fd', width: 4, right: true }, 'error', 'path'],
      row: rowOf,
      missed: () => bpf.globals.bss.missed,
      unfinished: () => [...bpf.maps.calls.keys()].length,
    });
  },
});

const x86Alone = ['enter_open', 'leave_open', 'enter_creat', 'leave_creat'];

function rowOf(event: Event) {
  const { time, duration, pid, tid, uid, comm, result, flags, mode, truncated, unreadable } = event;
  const error = errnoName(result);
  return {
    ...stamped(time),
    duration: Number(duration),
    ...{ pid, tid, uid, comm },
    fd: error === undefined ? result : undefined,
    error,
    ...{ flags, mode, path: absolutePath(event.text, truncated), truncated, unreadable },
  };
}
