/** cpudist: how long threads ran before they left the CPU, or how long they were off it. */
import { defineTool, histogramReader } from 'libbpf-ts/tool';
import { chosenHistograms, histogramOptions } from '../runqlat/histogram-options.js';
import { cpudist } from './cpudist.bpf.js';

export default defineTool({
  name: 'cpudist',
  summary: 'how long threads ran at a time, or were off the CPU, as a histogram',
  about: [
    'From the moment that a thread gets a CPU until it leaves it; with -O, from leaving it until it runs again.',
  ],
  prints: 'intervals',
  options: {
    'off-cpu': { type: 'boolean', short: 'O', help: 'times off the CPU' },
    ...histogramOptions,
  },
  examples: ['cpudist -d 10', 'cpudist -O -p 4711', 'cpudist -- make'],
  async run(session) {
    const { constants, unit, labelOf } = chosenHistograms(session.options);
    const { 'off-cpu': off_cpu = false } = session.options;
    await using bpf = await cpudist.load({ rodata: { ...session.filters, ...constants, off_cpu } });
    const read = histogramReader(bpf.maps.times);
    await session.measureHistograms(bpf, {
      unit,
      read: () => read().map(({ key, buckets }) => ({ of: labelOf(key), buckets })),
      missed: () => bpf.globals.bss.missed + bpf.globals.bss.times_missed,
    });
  },
});
