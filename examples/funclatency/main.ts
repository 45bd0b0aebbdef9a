/** funclatency: how long functions take. */
import { defineTool, histogramReader } from 'libbpf-ts/tool';
import { cookiesOf, type Places, patternHelp, placesOf } from '../funccount/places.js';
import { funclatency } from './funclatency.bpf.js';

export default defineTool({
  name: 'funclatency',
  summary: 'how long functions of programs and libraries take, as a histogram',
  about: [
    'From the call to the return, waits included. Of a function that calls itself the outermost call is counted. Calls that',
    'began before are not.',
  ],
  prints: 'intervals',
  options: {
    functions: { type: 'string', short: 'f', value: 'PATTERN', help: patternHelp },
    nanoseconds: { type: 'boolean', help: 'in nanoseconds; default: microseconds' },
    milliseconds: { type: 'boolean', short: 'm', help: 'in milliseconds' },
    apart: { type: 'boolean', short: 'F', help: 'a histogram for each function' },
  },
  examples: [
    "funclatency -f 'u:/usr/lib/x86_64-linux-gnu/libc.so.6:fwrite' -p 4711",
    "funclatency -F -f 'u:./server:handle_*' -d 10",
  ],
  async run(session) {
    const { functions, apart = false } = session.options;
    const places = placesOf(functions);
    if (places.kind === 'tracepoint') throw new TypeError('a tracepoint has no return: name a function');
    const { unit, name } = unitOf(session.options);
    await using bpf = await funclatency.load({ rodata: { ...session.filters, apart, unit } });
    const { programs, maps, globals } = bpf;
    const read = histogramReader(maps.times);
    const attach = async () => ({ links: await attached(bpf, places, session.filters.filter_pid) });
    await session.measureHistograms(
      { attach, programs, maps, globals },
      {
        unit: name,
        read: () => read().map(({ key, buckets }) => ({ of: labelOf(apart, places, key), buckets })),
        missed: () => globals.bss.missed + globals.bss.times_missed,
      },
    );
  },
});

function unitOf({ nanoseconds = false, milliseconds = false }) {
  if (nanoseconds) return { unit: 1n, name: 'nsecs' };
  return milliseconds ? { unit: 1_000_000n, name: 'msecs' } : { unit: 1000n, name: 'usecs' };
}

function labelOf(apart: boolean, { names }: Places, place: bigint): Record<string, string> {
  return apart ? { function: names[Number(place)] ?? `${place}` } : {};
}

type Funclatency = Awaited<ReturnType<typeof funclatency.load>>;

/** Returns first: a call that began before its return is watched would never end. */
async function attached({ programs }: Funclatency, places: Places, pid: number) {
  const cookies = cookiesOf(places);
  const place = { binary: places.of, offsets: places.offsets, cookies, ...(pid !== 0 && { pid }) };
  return [await programs.file_left.attach(place), await programs.file_entered.attach(place)];
}
