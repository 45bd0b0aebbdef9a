/** hardirqs and softirqs: interrupts of known numbers, by test runs: attached, they would count those of the whole machine. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hardirqs } from '../../../examples/hardirqs/hardirqs.bpf.js';
import { softirqNames } from '../../../examples/softirqs/names.js';
import { softirqs } from '../../../examples/softirqs/softirqs.bpf.js';
import { toolWith } from '../../support/tool-runs.js';

type Interrupts = Awaited<ReturnType<typeof softirqs.load | typeof hardirqs.load>>;

/** A begin and an end on one CPU, so often. */
async function happen({ programs }: Interrupts, number: bigint, times: number): Promise<void> {
  const context = contextOf(number);
  for (let i = 0; i < times; i++) {
    await programs.entered.testRun({ context, cpu: 0 });
    await programs.left.testRun({ context, cpu: 0 });
  }
}

type Sums<Key> = Iterable<readonly [Key, { readonly count: bigint; readonly time: bigint }]>;

/** How often each, and whether it has taken time. */
function sumsOf<Key>(entries: Sums<Key>): [Key, bigint, boolean][] {
  return Array.from(entries, ([key, { count, time }]) => [key, count, time > 0n]);
}

describe('softirqs', () => {
  it('counts each by its vector, with the time between begin and end', async () => {
    await using bpf = await softirqs.load();
    await happen(bpf, 3n, 40);
    await happen(bpf, 7n, 2);
    // One that began before is not counted.
    await bpf.programs.left.testRun({ context: contextOf(9n), cpu: 0 });
    expect(sumsOf(bpf.maps.totals.entries()).sort(([a], [b]) => a - b)).toEqual([
      [3, 40n, true],
      [7, 2n, true],
    ]);
  });

  it('counts times in histograms where it is asked to', async () => {
    await using bpf = await softirqs.load({ rodata: { distribution: true, unit: 1n } });
    await happen(bpf, 1n, 25);
    const [[vector, { counts }] = [0, { counts: [] }]] = [...bpf.maps.times.entries()];
    expect([vector, Array.from(counts).reduce((sum, count) => sum + count, 0n)]).toEqual([1, 25n]);
    expect([...bpf.maps.totals.keys()]).toEqual([]);
  });

  it('has the names of /proc/softirqs', () => {
    const kernel = Array.from(
      readFileSync('/proc/softirqs', 'utf8').matchAll(/^\s*(\w+):/gm),
      ([, name]) => name,
    );
    expect(softirqNames).toEqual(kernel);
  });
});

describe('hardirqs', () => {
  it('counts each by its number where its handler has no name', async () => {
    await using bpf = await hardirqs.load();
    await happen(bpf, 11n, 30);
    expect(sumsOf(bpf.maps.totals.entries())).toEqual([[{ irq: 11, name: '' }, 30n, true]]);
  });
});

it.each(['hardirqs', 'softirqs'])('%s refuses filters, with the reason', async name => {
  for (const filter of ['-p', '-u']) {
    const { code, stderr } = await toolWith(name, filter, '1');
    expect([code, stderr]).toEqual([2, expect.stringContaining('an interrupt meets whichever process runs')]);
  }
});

/** The vector or the number of an interrupt, no handler, and what the handler answered. */
function contextOf(number: bigint): bigint[] {
  return [number, 0n, 1n];
}
