/** oomkill: processes that are killed because memory was short. */
import { readFileSync } from 'node:fs';
import { defineTool, stamped } from 'libbpf-ts/tool';
import { type Event, oomkill } from './oomkill.bpf.js';

export default defineTool({
  name: 'oomkill',
  summary: 'processes that are killed because memory was short, and who asked for it',
  about: [
    'A row for each process that the kernel chooses, of the whole machine or of a cgroup with its limit. Filters mean the one',
    'that is killed.',
  ],
  prints: 'events',
  ways: { tracepoint: ['marked'], fentry: ['killing'] },
  examples: ['oomkill', 'oomkill --container 2d5c0c8e53a0 --json'],
  async run(session) {
    const rodata = { ...session.filters, page_size: pageSize() };
    await using bpf = await session.load(() => oomkill.open({ rodata }));
    await session.follow(bpf, bpf.maps.events, {
      columns: [
        ...(['time', 'pid', 'comm'] as const),
        { name: 'total', title: 'MIB', ...size, text: ({ total }) => mebibytes(total) },
        { name: 'resident', ...size, text: ({ resident }) => mebibytes(resident) },
        { name: 'scoreAdjustment', title: 'ADJ', width: 5, right: true },
        { name: 'triggerPid', title: 'BYPID', width: 7, right: true },
        { name: 'triggerComm', title: 'BY', width: 0 },
      ],
      row: rowOf,
    });
  },
});

const size = { width: 8, right: true } as const;

function rowOf({ time, pid, uid, comm, score_adjustment, trigger_pid, trigger_comm, ...event }: Event) {
  return {
    ...stamped(time),
    ...{ pid, uid, comm },
    total: event.total,
    resident: event.resident,
    scoreAdjustment: score_adjustment,
    triggerPid: trigger_pid,
    triggerComm: trigger_comm,
  };
}

function mebibytes(bytes: bigint): string {
  return (Number(bytes) / 2 ** 20).toFixed(1);
}

/** `AT_PAGESZ` of the pairs that the kernel gives each program: getauxval(3). */
function pageSize(): number {
  const auxv = readFileSync('/proc/self/auxv');
  for (let at = 0; at + 16 <= auxv.length; at += 16)
    if (auxv.readBigUInt64LE(at) === 6n) return Number(auxv.readBigUInt64LE(at + 8));
  return 4096;
}
