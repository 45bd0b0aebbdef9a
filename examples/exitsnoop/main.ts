/** exitsnoop: processes that end, how long they lived, and by what they ended. */
import { constants } from 'node:os';
import { defineTool, stamped } from 'libbpf-ts/tool';
import { type Event, exitsnoop } from './exitsnoop.bpf.js';

export default defineTool({
  name: 'exitsnoop',
  summary: 'processes that end, how long they lived, with which code or by which signal',
  about: ['A row for each process when its last thread has ended, or for each thread.'],
  prints: 'events',
  options: {
    failures: {
      type: 'boolean',
      short: 'x',
      help: 'only those that ended by a signal or with another code than 0',
    },
    threads: { type: 'boolean', short: 'T', help: 'each thread' },
  },
  examples: ['exitsnoop', 'exitsnoop -x -- make', 'exitsnoop --json -n node'],
  async run(session) {
    const { failures = false, threads = false } = session.options;
    const rodata = { ...session.filters, failures_only: failures, threads };
    await using bpf = await exitsnoop.load({ rodata });
    await session.follow(bpf, bpf.maps.events, {
      columns: [
        ...(['time', 'pid', 'ppid', 'comm', 'duration'] as const),
        { name: 'end', width: 0, text: row => row.signal ?? row.exitCode ?? '' },
      ],
      row: rowOf,
    });
  },
});

const signals = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** wait(2): the signal in the lowest seven bits, 0x80 for a core dump, the code of exit() above. */
function rowOf({ time, duration, pid, tid, ppid, uid, code, comm }: Event) {
  const number = code & 0x7f;
  const signal = number === 0 ? undefined : (signals.get(number) ?? `signal ${number}`);
  const exitCode = number === 0 ? (code >> 8) & 0xff : undefined;
  const end = signal ?? exitCode;
  const dumped = (code & 0x80) !== 0;
  return {
    ...stamped(time),
    duration: Number(duration),
    pid,
    tid,
    ppid,
    uid,
    comm,
    end,
    exitCode,
    signal,
    dumped,
  };
}
