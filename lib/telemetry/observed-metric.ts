/** One metric of one observer: what is known of it, and why nothing is. */
import type { Coverage, MetricRow, Readings, TelemetryScope } from './metric.js';
import type { TelemetryMetric } from './reading.js';
import { Series } from './series.js';
import type { CollectorName } from './table.js';

/** A metric of the table, in a scope. */
export class ObservedMetric {
  readonly row: MetricRow;
  readonly collector: CollectorName;
  readonly name: string;
  readonly #series: Series;
  /** False for what is not to be known in this scope, here or with these rights. */
  isObserved: boolean;
  /** Why it is not observed, or was not the last time. */
  reason: string | undefined;

  constructor(row: MetricRow, collector: CollectorName, scope: TelemetryScope) {
    this.row = row;
    this.collector = collector;
    this.name = row.names?.[scope] ?? row.name;
    this.#series = new Series(row);
    this.reason = reasonOf(row.coverage[scope]);
    this.isObserved = this.reason === undefined;
  }

  /** From here on it is counted; where that cannot be read, it is not observed. */
  begin(from: Readings): void {
    this.#attempt(() => this.#series.begin(this.row.samples(from)));
    this.isObserved = this.reason === undefined;
  }

  /** What it takes is not to be had. */
  giveUp({ message }: Error): void {
    this.reason = message;
    this.isObserved = false;
  }

  /** As it is now; undefined where that is not known, with the reason. */
  read(from: Readings): TelemetryMetric | undefined {
    const { kind, unit, help } = this.row;
    const points = this.#attempt(() => this.#series.points(this.row.samples(from)));
    const base = { name: this.name, unit, description: help, collector: this.collector };
    return points && ({ ...base, kind, points } as TelemetryMetric);
  }

  /** One metric that cannot be read does not stop the others. */
  #attempt<Result>(read: () => Result): Result | undefined {
    try {
      const result = read();
      this.reason = undefined;
      return result;
    } catch (error) {
      this.reason = (error as Error).message;
      return undefined;
    }
  }
}

function reasonOf(coverage: Coverage): string | undefined {
  return coverage === 'exact' ? undefined : coverage.refused;
}
