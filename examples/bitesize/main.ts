/** bitesize: how large requests to disks are. */
import { defineTool, histogramReader } from 'libbpf-ts/tool';
import { diskName, diskNumber, diskOption } from '../biosnoop/disks.js';
import { bitesize } from './bitesize.bpf.js';

export default defineTool({
  name: 'bitesize',
  summary: 'how large requests to disks are, as histograms by process name',
  about: [
    'A histogram for each name of a process that requests were made in, when they have ended: of what was written into',
    'memory before, a thread of the kernel. Filters by process mean it. Requests to flush a cache have no bytes.',
  ],
  prints: 'intervals',
  options: {
    ...diskOption,
    disks: { type: 'boolean', short: 'D', help: 'each disk apart' },
  },
  examples: ['bitesize -d 10', 'bitesize --disk sda -n postgres', 'bitesize -D -- make'],
  async run(session) {
    const { disk, disks = false } = session.options;
    const rodata = { ...session.filters, by_disk: disks, block_disk: diskNumber(disk) };
    await using bpf = await bitesize.load({ rodata });
    const read = histogramReader(bpf.maps.sizes);
    await session.measureHistograms(bpf, {
      unit: 'bytes',
      read: () =>
        read().map(({ key, buckets }) => ({
          of: { comm: key.comm, ...(disks && { disk: diskName(key.disk) }) },
          buckets,
        })),
      missed: () => bpf.globals.bss.block_missed + bpf.globals.bss.sizes_missed,
    });
  },
});
