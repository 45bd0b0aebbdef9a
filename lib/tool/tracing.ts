/** What a tool hands to its session: the object that traces, and how what it gives is shown. */
import type { PlotBucket } from '../plot/index.js';
import type { StandardColumn, ToolColumn } from './columns.js';

/** What a tool traces with: a loaded object. */
export interface TracingObject {
  attach(options?: object): Promise<{ readonly links: object }>;
  readonly programs: object;
  readonly maps: object;
  readonly globals: object;
}

/** Events as a tool reads them: a ring buffer, perf buffers, a stream. */
export interface TracedEvents<Event> {
  events(options: { readonly signal: AbortSignal }): AsyncIterable<Event>;
  drain(): readonly Event[];
  stats(): { readonly dropped?: number };
}

/** What all courses take. */
export interface TracingOptions {
  /** How the object is attached, as `attach()` of the object takes it. */
  readonly attach?: object;
  /** How many events were missed for want of room in a map. */
  readonly missed?: () => bigint;
}

/** How events become rows. */
export interface EventRows<Event, Row extends object> extends TracingOptions {
  readonly columns: readonly (StandardColumn | ToolColumn<Row>)[];
  /** The row of an event, with all that JSON shows; none for an event that is not wanted. */
  readonly row: (event: Event) => Row | undefined;
  /** How many calls had begun and not ended, at the end. */
  readonly unfinished?: () => number;
}

/** Rows that stand for an interval. */
export interface IntervalRows<Row extends object> extends TracingOptions {
  readonly columns: readonly (StandardColumn | ToolColumn<Row>)[];
  /** What was counted since the last look. */
  readonly read: () => readonly Row[] | Promise<readonly Row[]>;
}

/** What is there at one moment. */
export interface ListedRows<Row extends object> {
  readonly columns: readonly (StandardColumn | ToolColumn<Row>)[];
  readonly rows: readonly Row[];
  /** Why there may be more, a sentence each. */
  readonly hidden?: readonly string[];
}

/** A histogram of an interval. */
export interface ToolHistogram {
  /** What it is of, as `{ pid: 7 }`; stands above it, and in JSON. */
  readonly of?: Readonly<Record<string, string | number | bigint>>;
  readonly buckets: readonly PlotBucket[];
}

/** Histograms that stand for an interval. */
export interface IntervalHistograms extends TracingOptions {
  /** What values are, as `usecs`. */
  readonly unit: string;
  /** What was counted since the last look. */
  readonly read: () => readonly ToolHistogram[] | Promise<readonly ToolHistogram[]>;
}
