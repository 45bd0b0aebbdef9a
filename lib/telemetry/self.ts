/** What an observer tells of itself: how full its maps are, and what found no room in them. */
import type { SourceReading } from '../sources/index.js';
import type { TelemetryMetric } from './reading.js';

/** @param failures - metrics that could not be read this time */
export function selfMetrics(
  sources: ReadonlyMap<string, SourceReading>,
  failures: number,
): TelemetryMetric[] {
  const readings = [...sources];
  const fills = readings.flatMap(([source, { fill }]) =>
    fill.map(({ map, ...rest }) => ({ attributes: { source, map }, ...rest })),
  );
  const collector = 'self' as const;
  return [
    {
      name: 'kernel.observer.missed',
      ...{ kind: 'counter' as const, unit: '{entry}', collector },
      description: 'Entries that found no room in a map of a source: what they were of is not counted.',
      points: readings.map(([source, { missed }]) => ({ attributes: { source }, value: Number(missed) })),
    },
    {
      name: 'kernel.observer.map.entries',
      ...{ kind: 'gauge' as const, unit: '{entry}', collector },
      description: 'Entries in the maps of sources.',
      points: fills.map(({ attributes, entries }) => ({ attributes, value: entries })),
    },
    {
      name: 'kernel.observer.map.limit',
      ...{ kind: 'gauge' as const, unit: '{entry}', collector },
      description: 'Entries that the maps of sources have room for.',
      points: fills.map(({ attributes, limit }) => ({ attributes, value: limit })),
    },
    {
      name: 'kernel.observer.failures',
      ...{ kind: 'gauge' as const, unit: '{metric}', collector },
      description: 'Metrics that could not be read this time; report() tells why.',
      points: [{ attributes: {}, value: failures }],
    },
  ];
}
