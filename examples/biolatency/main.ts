/** biolatency: how long requests to disks took. */
import { defineTool, histogramReader } from 'libbpf-ts/tool';
import { diskName, diskNumber, diskOption, flagsOf, operationName } from '../biosnoop/disks.js';
import { biolatency, type Kind } from './biolatency.bpf.js';

export default defineTool({
  name: 'biolatency',
  summary: 'how long requests to disks took, as a histogram',
  about: [
    'From the moment that the disk got a request until it answered; with -Q, from when it was queued. Filters by process',
    'mean the one that the request was made in: of what was written into memory before, a thread of the kernel.',
  ],
  prints: 'intervals',
  options: {
    ...diskOption,
    disks: { type: 'boolean', short: 'D', help: 'a histogram for each disk' },
    operations: { type: 'boolean', short: 'F', help: 'a histogram for each operation with its flags' },
    queued: { type: 'boolean', short: 'Q', help: 'the time before the disk gets it too' },
    milliseconds: { type: 'boolean', short: 'm', help: 'in milliseconds; default: microseconds' },
  },
  examples: ['biolatency -d 10', 'biolatency -D -i 1', 'biolatency --disk sda -F -- sync'],
  async run(session) {
    const { disk, disks = false, operations = false, queued = false, milliseconds = false } = session.options;
    const rodata = {
      ...session.filters,
      ...{ by_disk: disks, by_operation: operations, with_queue: queued },
      block_disk: diskNumber(disk),
      unit: milliseconds ? 1_000_000n : 1000n,
    };
    await using bpf = await biolatency.load({ rodata });
    const read = histogramReader(bpf.maps.latencies);
    await session.measureHistograms(bpf, {
      unit: milliseconds ? 'msecs' : 'usecs',
      read: () =>
        read().map(({ key, buckets }) => ({
          of: {
            ...(disks && { disk: diskName(key.disk) }),
            ...(operations && { operation: operationText(key) }),
          },
          buckets,
        })),
      missed: () => bpf.globals.bss.block_missed + bpf.globals.bss.latencies_missed,
    });
  },
});

function operationText({ operation, flags }: Kind): string {
  return [operationName(operation), ...flagsOf(flags)].join(' ');
}
