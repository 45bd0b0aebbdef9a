/** Reports of interrupts: sums in a table, or histograms. */
import { type CountedMap, countReader, histogramReader, type ToolSession } from 'libbpf-ts/tool';

/** The options of both tools. */
export const irqOptions = {
  histograms: { type: 'boolean', short: 'H', help: 'histograms of times, not sums' },
  nanoseconds: { type: 'boolean', short: 'N', help: 'histograms in nanoseconds; default: microseconds' },
} as const;

/** Why filters are refused. */
export const noProcess = 'an interrupt meets whichever process runs';

interface Chosen {
  readonly histograms?: boolean | undefined;
  readonly nanoseconds?: boolean | undefined;
}

/** The constants of `IRQ_TIMES()`. */
export function irqConstants({ histograms = false, nanoseconds = false }: Chosen) {
  return { distribution: histograms, unit: nanoseconds ? 1n : 1000n };
}

/** An object with `IRQ_TIMES()`. */
interface IrqObject<Key> {
  attach(options?: object): Promise<{ readonly links: object }>;
  readonly programs: object;
  readonly maps: {
    readonly totals: CountedMap<Key, { readonly count: bigint; readonly time: bigint }>;
    readonly times: CountedMap<Key, { readonly counts: ArrayLike<bigint> }>;
  };
  readonly globals: { readonly bss: { readonly missed: bigint; readonly times_missed: bigint } };
}

/** Attaches and reports, by the name of each. */
export async function reportIrqs<Key>(
  session: ToolSession,
  object: IrqObject<Key>,
  nameOf: (key: Key) => string,
): Promise<void> {
  const { histograms, nanoseconds } = session.options as Chosen;
  const missed = () => object.globals.bss.missed + object.globals.bss.times_missed;
  if (histograms) {
    const read = histogramReader(object.maps.times);
    await session.measureHistograms(object, {
      unit: nanoseconds ? 'nsecs' : 'usecs',
      read: () => read().map(({ key, buckets }) => ({ of: { irq: nameOf(key) }, buckets })),
      missed,
    });
    return;
  }
  const read = countReader(object.maps.totals, ({ count, time }) => [count, time]);
  const number = { width: 10, right: true };
  await session.measureRows(object, {
    columns: [
      { name: 'irq', width: 24 },
      { name: 'count', ...number },
      { name: 'nanoseconds', title: 'MS', ...number, text: row => (row.nanoseconds / 1e6).toFixed(3) },
    ],
    read: () =>
      read()
        .map(({ key, grown: [count = 0n, time = 0n] }) => ({
          irq: nameOf(key),
          count: Number(count),
          nanoseconds: Number(time),
        }))
        .sort((a, b) => b.nanoseconds - a.nanoseconds),
    missed,
  });
}
