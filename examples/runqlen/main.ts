/** runqlen: how many threads wait for a CPU. */
import { countReader, defineTool } from 'libbpf-ts/tool';
import { runqlen } from './runqlen.bpf.js';

export default defineTool({
  name: 'runqlen',
  summary: 'how many threads wait for a CPU, sampled, as a histogram',
  about: [
    'Each CPU is looked at so often a second: how many threads could run there, beside the one that does. With -O, the share',
    'of looks at which any waited.',
  ],
  prints: 'intervals',
  options: {
    cpus: { type: 'boolean', short: 'C', help: 'each CPU apart' },
    cpu: { type: 'string', value: 'CPU', help: 'only this CPU, by its number' },
    frequency: { type: 'string', short: 'f', value: 'HERTZ', help: 'look so often a second; default: 99' },
    occupancy: { type: 'boolean', short: 'O', help: 'the share of looks at which threads waited' },
  },
  refuses: "a queue is a CPU's, with the threads of all processes",
  examples: ['runqlen -d 10', 'runqlen -C -i 1', 'runqlen -O -d 60'],
  async run(session) {
    const { cpus = false, occupancy = false } = session.options;
    const cpu = session.number('cpu', 0);
    const frequency = session.number('frequency') ?? 99;
    await using bpf = await runqlen.load({ rodata: { by_cpu: cpus } });
    const read = countReader(bpf.maps.lengths, ({ counts }) => counts);
    const how = {
      attach: {
        options: { sample: { event: 'cpu-clock', frequency, ...(cpu !== undefined && { cpus: [cpu] }) } },
      },
      missed: () => bpf.globals.bss.missed,
    };
    const of = (key: number) => (cpus ? { cpu: key } : {});
    const sorted = () => read().sort((a, b) => a.key - b.key);
    if (!occupancy)
      return await session.measureHistograms(bpf, {
        ...how,
        unit: 'threads',
        read: () => sorted().map(({ key, grown }) => ({ of: of(key), buckets: bucketsOf(grown) })),
      });
    return await session.measureRows(bpf, {
      ...how,
      columns: [
        ...(cpus ? [{ name: 'cpu' as const, width: 5, right: true }] : []),
        { name: 'looks', width: 8, right: true },
        { name: 'waiting', title: 'OCCUPIED', width: 9, right: true, text: percent },
      ],
      read: () => sorted().map(({ key, grown }) => ({ cpu: cpus ? key : undefined, ...occupancyOf(grown) })),
    });
  },
});

/** One for each length, up to the longest that was seen. */
function bucketsOf(counts: readonly bigint[]) {
  const longest = counts.findLastIndex(count => count > 0n);
  return counts.slice(0, longest + 1).map((count, length) => ({ from: length, to: length, count }));
}

/** Looks in all, and those at which threads waited. */
function occupancyOf([none = 0n, ...some]: readonly bigint[]) {
  const waiting = some.reduce((sum, count) => sum + count, 0n);
  return { looks: Number(none + waiting), waiting: Number(waiting) };
}

function percent({ looks, waiting }: { readonly looks: number; readonly waiting: number }): string {
  return `${((100 * waiting) / looks).toFixed(1)} %`;
}
