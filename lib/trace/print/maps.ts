/** Maps as they are printed: what their elements are, and in which order. */
import type { AggregateType, Type } from '../types/type.js';
import type { TraceValue } from './value.js';

/** A part of a histogram: what is from `min` to `max`, both counted; without one it has no end there. */
export interface TraceBucket {
  readonly min?: bigint;
  readonly max?: bigint;
  readonly count: bigint;
}

/** What several CPUs have of an element, as one. */
export type MapValue =
  | { readonly kind: 'value'; readonly value: TraceValue }
  | { readonly kind: 'stats'; readonly count: bigint; readonly average: bigint; readonly total: bigint }
  | { readonly kind: 'histogram'; readonly buckets: readonly TraceBucket[] };

export interface MapElement {
  /** Undefined where the map has no keys. */
  readonly key: TraceValue | undefined;
  readonly value: MapValue;
}

/** Adds up what CPUs have of an aggregation. @param cpus - the value of each, as bytes */
export function merge(type: AggregateType, cpus: readonly DataView[]): MapValue {
  const word = (view: DataView, at: number) =>
    type.signed ? view.getBigInt64(at, true) : view.getBigUint64(at, true);
  const sum = (at: number) =>
    cpus.reduce((total, view) => BigInt.asIntN(64, total + view.getBigInt64(at, true)), 0n);
  const shown = (value: bigint) => (type.signed ? value : BigInt.asUintN(64, value));
  switch (type.name) {
    case 'count':
    case 'sum':
      return { kind: 'value', value: shown(sum(0)) };
    case 'min':
    case 'max': {
      const set = cpus.filter(view => view.getBigUint64(8, true) !== 0n).map(view => word(view, 0));
      const better = (one: bigint, other: bigint) => ((type.name === 'min') === one < other ? one : other);
      return { kind: 'value', value: set.length === 0 ? 0n : set.reduce(better) };
    }
    case 'avg':
    case 'stats': {
      const [total, count] = [shown(sum(0)), sum(8)];
      const average = count === 0n ? 0n : total / count;
      return type.name === 'avg'
        ? { kind: 'value', value: average }
        : { kind: 'stats', count, average, total };
    }
    default:
      return { kind: 'histogram', buckets: bucketsOf(type, cpus, sum) };
  }
}

function bucketsOf(
  type: AggregateType,
  cpus: readonly DataView[],
  sum: (at: number) => bigint,
): TraceBucket[] {
  const [first] = cpus;
  const counts = Array.from({ length: Math.floor((first?.byteLength ?? 0) / 8) }, (_, at) => sum(at * 8));
  const used = counts.map((count, at) => (count === 0n ? -1 : at)).filter(at => at >= 0);
  const [from = 0, to = -1] = [used[0], used.at(-1)];
  return counts
    .slice(from, to + 1)
    .map((count, at) => ({ ...bounds(type, from + at, counts.length), count }));
}

function bounds(
  { name, bits = 0, bounds: linear }: AggregateType,
  at: number,
  length: number,
): { min?: bigint; max?: bigint } {
  if (name === 'lhist' && linear) {
    if (at === 0) return { max: linear.min - 1n };
    if (at === length - 1) return { min: linear.max };
    const min = linear.min + BigInt(at - 1) * linear.step;
    return { min, max: min + linear.step - 1n };
  }
  if (at === 0) return { max: -1n };
  const place = BigInt(at - 1);
  const part = 1n << BigInt(bits);
  if (place < part) return { min: place, max: place };
  const power = place / part - 1n;
  const min = (part + (place % part)) << power;
  return { min, max: min + (1n << power) - 1n };
}

/** As bpftrace sorts: by the value where that is a number, else by the key. */
export function sorted(elements: readonly MapElement[], type: Type): MapElement[] {
  const weight = ({ value }: MapElement): bigint | undefined => {
    if (value.kind === 'stats') return value.average;
    if (value.kind === 'histogram') return value.buckets.reduce((total, { count }) => total + count, 0n);
    return typeof value.value === 'bigint' ? value.value : undefined;
  };
  const byKey = [...elements].sort((one, other) => compareValues(one.key ?? 0n, other.key ?? 0n));
  if (type.kind !== 'int' && type.kind !== 'aggregate' && type.kind !== 'bool') return byKey;
  return byKey.sort((one, other) => compareValues(weight(one) ?? 0n, weight(other) ?? 0n));
}

export function compareValues(one: TraceValue, other: TraceValue): number {
  if (Array.isArray(one) && Array.isArray(other)) {
    for (const [at, item] of one.entries()) {
      const order = compareValues(item, other[at] ?? 0n);
      if (order !== 0) return order;
    }
    return 0;
  }
  const [left, right] = [one, other].map(each =>
    typeof each === 'object' && 'text' in each ? each.text : each,
  ) as [bigint, bigint];
  return left < right ? -1 : left > right ? 1 : 0;
}
