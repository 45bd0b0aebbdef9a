/** biotop: whose requests to disks are the most. */
import { countReader, defineTool } from 'libbpf-ts/tool';
import { diskName, diskNumber, diskOption, operationName } from '../biosnoop/disks.js';
import { biotop } from './biotop.bpf.js';

export default defineTool({
  name: 'biotop',
  summary: 'which processes make most requests to disks, with bytes and times',
  about: [
    'A row for each process, disk and operation, the most bytes first. The process is the one that a request was made in:',
    'of what was written into memory before, a thread of the kernel. Filters by process mean it.',
  ],
  prints: 'intervals',
  options: {
    ...diskOption,
    top: { type: 'string', short: 'T', value: 'ROWS', help: 'so many rows; default: all' },
  },
  examples: ['biotop -i 1', 'biotop -T 10 -d 60', 'biotop --disk sda -- make'],
  async run(session) {
    const rodata = { ...session.filters, block_disk: diskNumber(session.options.disk) };
    const top = session.number('top');
    await using bpf = await biotop.load({ rodata });
    const read = countReader(bpf.maps.totals, ({ requests, bytes, time }) => [requests, bytes, time]);
    await session.measureRows(bpf, {
      columns: [
        ...(['pid', 'comm'] as const),
        { name: 'disk', width: 8 },
        { name: 'operation', width: 9 },
        { name: 'requests', width: 9, right: true },
        { name: 'bytes', width: 12, right: true },
        { ...average, text: ({ nanoseconds, requests }) => (nanoseconds / requests / 1e6).toFixed(3) },
      ],
      read: () =>
        read()
          .map(({ key, value, grown }) => rowOf(key, value.comm, grown))
          .sort((a, b) => b.bytes - a.bytes || b.requests - a.requests)
          .slice(0, top),
      missed: () => bpf.globals.bss.missed + bpf.globals.bss.block_missed,
    });
  },
});

const average = { name: 'nanoseconds', title: 'AVERAGE MS', width: 10, right: true } as const;

function rowOf(
  key: { readonly pid: number; readonly disk: number; readonly operation: number },
  comm: string,
  [requests = 0n, bytes = 0n, time = 0n]: readonly bigint[],
) {
  return {
    ...{ pid: key.pid, comm },
    disk: diskName(key.disk),
    operation: operationName(key.operation),
    requests: Number(requests),
    bytes: Number(bytes),
    nanoseconds: Number(time),
  };
}
