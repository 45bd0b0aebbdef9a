/** runqlat: how long threads that could run waited for a CPU. */
import { defineTool, histogramReader } from 'libbpf-ts/tool';
import { chosenHistograms, histogramOptions } from './histogram-options.js';
import { runqlat } from './runqlat.bpf.js';

export default defineTool({
  name: 'runqlat',
  summary: 'how long threads that could run waited for a CPU, as a histogram',
  about: [
    'From the moment that a thread is woken, or has to leave the CPU while it could go on, until it runs.',
  ],
  prints: 'intervals',
  options: {
    ...histogramOptions,
  },
  examples: ['runqlat -d 10', 'runqlat -P -i 1 -c 5', 'runqlat -- make'],
  async run(session) {
    const { constants, unit, labelOf } = chosenHistograms(session.options);
    await using bpf = await runqlat.load({ rodata: { ...session.filters, ...constants } });
    const read = histogramReader(bpf.maps.waits);
    await session.measureHistograms(bpf, {
      unit,
      read: () => read().map(({ key, buckets }) => ({ of: labelOf(key), buckets })),
      missed: () => bpf.globals.bss.missed + bpf.globals.bss.waits_missed,
    });
  },
});
