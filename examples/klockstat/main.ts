/** klockstat: how long threads wait for locks of the kernel, by the function that asked. */
import { symbolize } from 'libbpf-ts/symbols';
import { countReader, defineTool, type GrownCount } from 'libbpf-ts/tool';
import { klockstat, type Waited, type WaitedKey } from './klockstat.bpf.js';
import { callerOf, lockKind } from './lock-kinds.js';

export default defineTool({
  name: 'klockstat',
  summary: 'how long threads wait for locks of the kernel, by the function that asked',
  about: [
    'Counts waits for mutexes, semaphores and spin locks that another held, the longest sum first. LONGEST is since the',
    'start. Locks that were free when they were asked for are not counted.',
  ],
  prints: 'intervals',
  options: {
    top: { type: 'string', short: 'T', value: 'ROWS', help: 'so many rows; default: all' },
  },
  examples: ['klockstat -d 10', 'klockstat -i 1 -T 5 -- make -j 8'],
  async run(session) {
    const most = session.number('top');
    await using bpf = await klockstat.load({ rodata: session.filters });
    const read = countReader(bpf.maps.sums, ({ count, time }) => [count, time]);
    const callerFor = async (stack: number) =>
      callerOf(await symbolize('kernel', (stack < 0 ? undefined : bpf.maps.stacks.get(stack)) ?? []));
    await session.measureRows(bpf, {
      columns: [
        { name: 'count', width: 8, right: true },
        { name: 'average', title: 'AVG US', ...time, text: ({ average }) => microseconds(average) },
        { name: 'longest', title: 'LONGEST US', ...time, text: ({ longest }) => microseconds(longest) },
        { name: 'duration', title: 'TOTAL US', ...time, text: ({ duration }) => microseconds(duration) },
        { name: 'lock', width: 14 },
        { name: 'caller', width: 0 },
      ],
      read: async () => {
        const rows = await Promise.all(
          read().map(async sum => rowOf(sum, (await callerFor(sum.key.stack)) ?? 'unknown')),
        );
        return merged(rows).slice(0, most);
      },
      missed: () => bpf.globals.bss.missed,
    });
  },
});

const time = { width: 12, right: true } as const;

/** Waits of one kind, of one caller. Times are nanoseconds. */
interface Row {
  readonly caller: string;
  readonly lock: string;
  readonly count: number;
  readonly average: number;
  readonly longest: number;
  readonly duration: number;
}

function rowOf({ key, value, grown }: GrownCount<WaitedKey, Waited>, caller: string): Row {
  const [count = 0, duration = 0] = grown.map(Number);
  return { caller, lock: lockKind(key.flags), count, average: 0, longest: Number(value.longest), duration };
}

/** Several stacks end in one caller. */
function merged(rows: readonly Row[]): Row[] {
  const sums = new Map<string, Row>();
  for (const row of rows) {
    const name = `${row.caller} ${row.lock}`;
    const { count = 0, duration = 0, longest = 0 } = sums.get(name) ?? {};
    sums.set(name, {
      ...row,
      count: count + row.count,
      duration: duration + row.duration,
      longest: Math.max(longest, row.longest),
    });
  }
  return Array.from(sums.values(), row => ({ ...row, average: row.duration / row.count })).sort(
    (a, b) => b.duration - a.duration,
  );
}

function microseconds(nanoseconds: number): string {
  return (nanoseconds / 1000).toFixed(1);
}
