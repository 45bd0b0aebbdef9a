/** Plots, beside what libbpf-tools' print_log2_hist() writes for the same counts, and read back. */
import { describe, expect, it } from 'vitest';
import {
  heatMapSvg,
  heatMapText,
  histogramSvg,
  histogramText,
  linearBuckets,
  log2Buckets,
  tableSvg,
  tableText,
} from '../../../lib/plot/index.js';

describe('values', () => {
  it('are counted in powers of two', () => {
    expect(log2Buckets([0, 1, 2, 3, 4n, 7, 7.9, 8])).toEqual([
      { from: 0n, to: 1n, count: 2 },
      { from: 2n, to: 3n, count: 2 },
      { from: 4n, to: 7n, count: 3 },
      { from: 8n, to: 15n, count: 1 },
    ]);
    expect(log2Buckets([2n ** 64n - 1n]).at(-1)).toEqual({ from: 2n ** 63n, to: 2n ** 64n - 1n, count: 1 });
    expect(log2Buckets([])).toEqual([]);
    expect(() => log2Buckets([-1])).toThrow(/ERR_BPF_ARGUMENT.*-1 is below 0/);
    expect(() => log2Buckets(['4' as never])).toThrow(/counts numbers/);
    expect(() => log2Buckets([2n ** 64n])).toThrow(/more than 64 bits/);
    expect(() => log2Buckets(7 as never)).toThrow(/a list of numbers/);
  });

  it('are counted in steps, with what is outside at the ends', () => {
    expect(linearBuckets([5, 10, 14, 15, 29, 1000], { step: 5, start: 10, most: 4 })).toEqual([
      { from: 10, to: 14, count: 3 },
      { from: 15, to: 19, count: 1 },
      { from: 20, to: 24, count: 0 },
      { from: 25, to: 29, count: 2 },
    ]);
    expect(() => linearBuckets([1], { step: 0 })).toThrow(/step is a whole number from 1 up/);
    expect(() => linearBuckets([1], { step: 1, start: 0.5 })).toThrow(/start is a whole number/);
    expect(() => linearBuckets([1], undefined as never)).toThrow(/step is a whole number/);
  });
});

describe('a histogram', () => {
  const buckets = log2Buckets([0, 1, 2, 3, 3, 2, 5, 9]);

  it('is the text that libbpf-tools print', () => {
    // As `print_log2_hist({2, 4, 1, 1}, 4, "usecs")` of its trace_helpers.c printed it.
    expect(histogramText(buckets)).toBe(
      [
        '     usecs               : count    distribution',
        '         0 -> 1          : 2        |********************                    |',
        '         2 -> 3          : 4        |****************************************|',
        '         4 -> 7          : 1        |**********                              |',
        '         8 -> 15         : 1        |**********                              |',
        '',
      ].join('\n'),
    );
  });

  it('of large values is wider', () => {
    const [head, ...lines] = histogramText([{ from: 2n ** 33n, to: 2n ** 34n - 1n, count: 3n }], {
      unit: 'bytes',
    }).split('\n');
    expect(head).toBe('               bytes                         : count    distribution');
    expect(lines[0]).toBe(
      `${' '.repeat(10)}8589934592 -> 17179869183${' '.repeat(9)} : 3        |${'*'.repeat(20)}|`,
    );
  });

  it('is an SVG with bars as long as they count', () => {
    const svg = histogramSvg(buckets, { unit: '<usecs>', width: 400 });
    const bars = [...svg.matchAll(/<title>(.*?)<\/title>.*?<rect[^>]* width="([\d.]+)"/g)];
    expect(bars.map(([, label, width]) => [label, Number(width)])).toEqual([
      ['0 to 1: 2', 200],
      ['2 to 3: 4', 400],
      ['4 to 7: 1', 100],
      ['8 to 15: 1', 100],
    ]);
    expect(svg).toContain('&lt;usecs&gt;');
  });

  it('refuses what it cannot draw', () => {
    expect(() => histogramText('x' as never)).toThrow(/buckets: a list/);
    expect(() => histogramText([{ from: 1 } as never])).toThrow(/a bucket is { from, to, count }/);
    expect(() => histogramSvg(buckets, { units: 'x' } as never)).toThrow(/no option units; .*unit/);
  });
});

describe('a heat map', () => {
  const columns = [
    { time: 0, buckets: log2Buckets([1, 1, 1, 1, 2]) },
    { time: 1000, buckets: log2Buckets([8]) },
  ];

  it('has time from left to right, values upwards, and many in dark', () => {
    const rows = heatMapText(columns).split('\n').slice(1, -2);
    expect(rows.map(row => row.trim())).toEqual([
      '8 -> 15 | :|',
      '4 -> 7 |  |',
      '2 -> 3 |: |',
      '0 -> 1 |@ |',
    ]);
  });

  it('is an SVG whose cells tell their counts', () => {
    const titles = [...heatMapSvg(columns).matchAll(/<title>[\d:]+, (.*?)<\/title>/g)].map(
      ([, title]) => title,
    );
    expect(titles).toEqual(['8 -> 15: 1', '2 -> 3: 1', '0 -> 1: 4']);
  });

  it('refuses what it cannot draw', () => {
    expect(() => heatMapText([{ buckets: [] } as never])).toThrow(/a column is { time, buckets }/);
    expect(() => heatMapSvg({} as never)).toThrow(/columns: a list/);
  });
});

describe('a table', () => {
  const rows = [
    { pid: 7, comm: 'node', reads: 12n },
    { pid: 1234, comm: 'evil\u001b[2J\nname', reads: 400n },
    { pid: 99, comm: 'sh', reads: 3n },
  ];

  it('has the largest first, numbers to the right, and no escape sequence', () => {
    expect(tableText(rows, { sortBy: 'reads', most: 2 }).split('\n')).toEqual([
      ' PID  COMM                     READS',
      '1234  evil\\u001b[2J\\u000aname    400',
      '   7  node                        12',
      '',
    ]);
  });

  it('is an SVG with the same lines', () => {
    const svg = tableSvg([{ pid: 7, comm: '<node>' }]);
    const lines = [...svg.matchAll(/xml:space="preserve">(.*?)<\/text>/g)].map(([, line]) => line);
    expect(lines).toEqual(['PID  COMM', '  7  &lt;node&gt;']);
  });

  it('has the columns that are asked for', () => {
    expect(tableText(rows.slice(2), { columns: ['comm', 'pid'] })).toBe('COMM  PID\nsh     99\n');
    expect(tableText([])).toBe('\n');
  });

  it('of hundreds of thousands of rows is printed', () => {
    const many = Array.from({ length: 300_000 }, (_, pid) => ({ pid }));
    expect(tableText(many, { sortBy: 'pid' }).split('\n').slice(0, 2)).toEqual(['   PID', '299999']);
  });

  it('refuses what it cannot print', () => {
    expect(() => tableText(rows, { sortBy: 'writes' as never })).toThrow(
      /no column .?writes.?; there are pid, comm, reads/,
    );
    expect(() => tableText([5] as never)).toThrow(/a row is an object/);
    expect(() => tableText(rows, { order: 1 } as never)).toThrow(/no option order/);
  });
});
