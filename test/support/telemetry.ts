/** What telemetry read, by name and attributes. */
import type { TelemetryReading } from 'libbpf-ts/telemetry';

/** The value of one series, or the count of a histogram's; NaN where there is none. */
export function value(
  { metrics }: TelemetryReading,
  name: string,
  attributes: Record<string, string> = {},
): number {
  const wanted = Object.entries(attributes);
  const points = metrics.find(each => each.name === name)?.points ?? [];
  const point = points.find(({ attributes: has }) => wanted.every(([label, text]) => has[label] === text));
  return point === undefined ? Number.NaN : 'value' in point ? point.value : point.count;
}
