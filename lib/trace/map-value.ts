/** Maps of a script as JavaScript values. */
import type { MapElement, MapValue, TraceBucket } from './print/maps.js';
import { List, Named, type TraceValue } from './print/value.js';

/** A value that a script has: numbers are bigint, names and addresses text, tuples arrays, records objects. */
export type TraceData =
  | bigint
  | boolean
  | string
  | Uint8Array
  | readonly TraceData[]
  | { readonly [field: string]: TraceData };

/** What `stats()` has. */
export interface TraceStats {
  readonly count: bigint;
  readonly average: bigint;
  readonly total: bigint;
}

/** An element of a script's map: what was assigned, `stats()`, or the buckets of a histogram. */
export type TraceMapValue = TraceData | TraceStats | readonly TraceBucket[];

/** A map of a script: by its keys, or its one value. Keys of several parts are arrays. */
export type TraceMap = ReadonlyMap<TraceData, TraceMapValue> | TraceMapValue | undefined;

export function mapOf(elements: readonly MapElement[], hasKeys: boolean): TraceMap {
  if (!hasKeys) return elements[0] === undefined ? undefined : elementOf(elements[0].value);
  return new Map(elements.map(({ key, value }) => [plain(key ?? 0n), elementOf(value)]));
}

function elementOf(value: MapValue): TraceMapValue {
  if (value.kind === 'value') return plain(value.value);
  if (value.kind === 'histogram') return value.buckets;
  return { count: value.count, average: value.average, total: value.total };
}

/** Names become the text that they are. */
export function plain(value: TraceValue): TraceData {
  if (value instanceof Named) return value.address ?? value.text;
  if (typeof value !== 'object' || value instanceof Uint8Array) return value;
  if (value instanceof List) return value.items.map(plain);
  if (Array.isArray(value)) return value.map(plain);
  const fields = Object.entries(value as Record<string, TraceValue>);
  return Object.fromEntries(fields.map(([name, each]) => [name, plain(each)]));
}
