/** funccount: how often functions are called, and tracepoints are met. */
import { countReader, defineTool } from 'libbpf-ts/tool';
import { funccount } from './funccount.bpf.js';
import { cookiesOf, type Places, patternHelp, placesOf } from './places.js';

export default defineTool({
  name: 'funccount',
  summary: 'how often functions of programs and libraries are called, and tracepoints are met',
  about: [
    'Counts calls of all functions that fit a pattern, or how often tracepoints are met, the most frequent first. Those that',
    'were not called are not shown.',
  ],
  prints: 'intervals',
  options: {
    functions: { type: 'string', short: 'f', value: 'PATTERN', help: patternHelp },
    top: { type: 'string', short: 'T', value: 'ROWS', help: 'so many rows; default: all' },
  },
  examples: [
    "funccount -f 'u:/usr/lib/x86_64-linux-gnu/libc.so.6:pthread_*' -p 4711",
    "funccount -f 't:sched:*' -i 1 -- make",
  ],
  async run(session) {
    const places = placesOf(session.options.functions);
    const most = session.number('top');
    await using opened = await funccount.open({ rodata: session.filters });
    const { in_file, at_tracepoint } = opened.programs;
    in_file.autoload = places.kind === 'file';
    at_tracepoint.autoload = places.kind === 'tracepoint';
    await using bpf = await opened.load();
    const { programs, maps, globals } = bpf;
    const read = countReader(maps.counts, count => [count]);
    const attach = async () => ({ links: await attached(bpf, places, session.filters.filter_pid) });
    await session.measureRows(
      { attach, programs, maps, globals },
      {
        columns: [
          { name: 'count', width: 12, right: true },
          { name: 'name', width: 0 },
        ],
        read: () =>
          read()
            .map(({ key, grown }) => ({
              name: places.names[Number(key)] ?? `${key}`,
              count: Number(grown[0]),
            }))
            .sort((a, b) => b.count - a.count)
            .slice(0, most),
        missed: () => globals.bss.missed,
      },
    );
  },
});

type Funccount = Awaited<ReturnType<typeof funccount.load>>;

async function attached({ programs }: Funccount, places: Places, pid: number) {
  const { kind, of, names, offsets } = places;
  const cookies = cookiesOf(places);
  if (kind === 'file')
    return [await programs.in_file.attach({ binary: of, offsets, cookies, ...(pid !== 0 && { pid }) })];
  const links = [];
  for (const [at, name] of names.entries())
    links.push(await programs.at_tracepoint.attach({ category: of, name, cookie: BigInt(at) }));
  return links;
}
