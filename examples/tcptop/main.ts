/** tcptop: which TCP connections carry most, and whose they are. */
import { countReader, defineTool } from 'libbpf-ts/tool';
import { endsColumns, endsOf, portConstants, portOptions } from '../tcplife/addresses.js';
import { type Connection, tcptop } from './tcptop.bpf.js';

export default defineTool({
  name: 'tcptop',
  summary: 'which TCP connections carry most bytes, and of which processes',
  about: [
    'A row for each connection that has carried something since it started or since the report before, the most bytes first.',
    'The process is the one that connected, or that is found to have the socket open. Bytes are those that came in order, and',
    'those that were sent, each once. Nothing runs for each packet: the kernel counts them itself.',
  ],
  prints: 'intervals',
  options: {
    ...portOptions,
    top: { type: 'string', short: 'T', value: 'ROWS', help: 'so many rows; default: all' },
  },
  examples: ['tcptop -i 1', 'tcptop -T 10 -d 60', 'tcptop -- curl -s http://127.0.0.1/'],
  async run(session) {
    const rodata = { ...session.filters, ...portConstants(session.options) };
    const top = session.number('top');
    await using bpf = await tcptop.load({ rodata });
    const files = await bpf.programs.look.attach();
    const counted = countReader(
      bpf.maps.connections,
      ({ received, sent }) => [received, sent],
      ({ closed }) => closed,
    );
    const read = async () => {
      await files.text();
      const rows = counted().map(({ value, grown }) => rowOf(value, grown));
      return rows.sort((a, b) => total(b) - total(a)).slice(0, top);
    };
    // What they carried before does not count.
    await read();
    await session.measureRows(bpf, {
      columns: [
        ...(['pid', 'comm'] as const),
        ...endsColumns,
        { name: 'received', width: 11, right: true },
        { name: 'sent', width: 11, right: true },
      ],
      read,
      missed: () => bpf.globals.bss.missed,
    });
  },
});

function rowOf({ pid, tid, uid, comm, ends }: Connection, [received = 0n, sent = 0n]: readonly bigint[]) {
  return { pid, tid, uid, comm, ...endsOf(ends), received: Number(received), sent: Number(sent) };
}

function total({ received, sent }: { readonly received: number; readonly sent: number }): number {
  return received + sent;
}
