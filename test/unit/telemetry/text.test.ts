/** Prometheus' text: names, escapes and bounds as its documentation of the format has them. */
import { describe, expect, it } from 'vitest';
import type { TelemetryMetric, TelemetryReading } from '../../../lib/telemetry/reading.js';
import { textPieces } from '../../../lib/telemetry/text.js';

const [startTime, time] = [new Date(0), new Date(1)];
const textOfOne = (metric: TelemetryMetric, labels = {}) =>
  [...textPieces({ startTime, time, metrics: [metric] } satisfies TelemetryReading, labels)].join('');

describe('the text', () => {
  it('escapes help and values as the format says', () => {
    const points = [{ attributes: { 'a.b': 'quote " back \\ line \n' }, value: 3 }];
    const metric = { name: 'x.y', unit: 'By', kind: 'counter', collector: 'self', points } as const;
    const text = textOfOne({ ...metric, description: 'back \\ "line"\n' });
    expect(text).toBe(
      [
        '# HELP x_y_bytes_total back \\\\ "line"\\n',
        '# TYPE x_y_bytes_total counter',
        'x_y_bytes_total{a_b="quote \\" back \\\\ line \\n"} 3',
        '',
      ].join('\n'),
    );
  });

  it('has labels of the whole observer first, and numbers that read back as they were', () => {
    const values = [0.1, 1e21, 5e-324, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
    const points = values.map((value, at) => ({ attributes: { at: `${at}` }, value }));
    const metric = { name: 'x', unit: '{thing}', kind: 'gauge', collector: 'self', points } as const;
    const lines = textOfOne({ ...metric, description: '' }, { service: 'web' })
      .split('\n')
      .slice(2, -1);
    expect(lines.map(line => line.split(' ')[0])).toEqual(
      values.map((_, at) => `x{service="web",at="${at}"}`),
    );
    expect(lines.map(line => line.split(' ')[1])).toEqual(['0.1', '1e+21', '5e-324', '+Inf', '-Inf', 'NaN']);
  });

  it('merges buckets into twelve whose bounds are bounds of the kernel’s', () => {
    const buckets = [-22, -21, -20, -19, 0, 1].map(power => ({
      from: 2 ** (power - 1),
      to: 2 ** power,
      count: 10,
    }));
    const point = { attributes: {}, count: 61, sum: 12.5, zeroCount: 1, buckets };
    const metric = { name: 'x.duration', unit: 's', kind: 'histogram', collector: 'self' } as const;
    const lines = textOfOne({ ...metric, description: '', points: [point] })
      .split('\n')
      .slice(2, -1);
    const found = Object.fromEntries(lines.map(line => line.split(' ')));
    expect(lines).toHaveLength(14);
    const bucket = (le: number | string) => found[`x_duration_seconds_bucket{le="${le}"}`];
    expect([2 ** -20, 2 ** -18, 0.25, 1, '+Inf'].map(bucket)).toEqual(['31', '41', '41', '51', '61']);
    expect(found).toMatchObject({ x_duration_seconds_sum: '12.5', x_duration_seconds_count: '61' });
  });
});
