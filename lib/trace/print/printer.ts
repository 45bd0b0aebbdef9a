/** What a script says, as lines of text or of JSON, as bpftrace writes them. */
import type { AggregateType, Type } from '../types/type.js';
import { histogramText } from './histogram.js';
import { type Json, jsonText, toJson } from './json.js';
import type { MapElement, MapValue } from './maps.js';
import { keyText, valueText } from './text.js';
import type { TraceValue } from './value.js';

/** How each thing that is said is written. */
export interface Printer {
  /** @param kind - `printf`, `time`, `join`, `cat`, `system`, and so on */
  readonly text: (kind: string, text: string) => string;
  readonly value: (value: TraceValue) => string;
  readonly map: (name: string, type: Type, elements: readonly MapElement[]) => string;
  readonly attached: (probes: number) => string;
  /** Between what the script said and the maps that are printed at its end. */
  readonly ending: string;
}

export const textPrinter: Printer = {
  text: (_, text) => text,
  value: value => `${valueText(value)}\n`,
  map: mapText,
  attached: probes => `Attached ${probes} probe${probes === 1 ? '' : 's'}\n`,
  ending: '\n\n',
};

/** A value of a map, where it is printed alone. */
export function elementText(value: MapValue, type: Type): string {
  return value.kind === 'histogram'
    ? histogramText(value.buckets, type as AggregateType)
    : `${mapValueText(value)}\n`;
}

function mapText(name: string, type: Type, elements: readonly MapElement[]): string {
  return elements
    .map(({ key, value }) => {
      const head = key === undefined ? `@${name}:` : `@${name}[${keyText(key)}]:`;
      return value.kind === 'histogram'
        ? `${head}\n${histogramText(value.buckets, type as AggregateType)}\n`
        : `${head} ${mapValueText(value)}\n`;
    })
    .join('');
}

function mapValueText(value: MapValue): string {
  switch (value.kind) {
    case 'stats':
      return `{ .count = ${value.count}, .average = ${value.average}, .total = ${value.total} }`;
    case 'histogram':
      return '';
    default:
      return valueText(value.value);
  }
}

export const jsonPrinter: Printer = {
  // There `system` has another name, and what `join` says ends no line.
  text: (kind, text) => {
    if (kind === 'join') return line({ type: kind, data: text.replace(/\n$/, '') });
    return line({ type: kind === 'system' ? 'syscall' : kind, data: text });
  },
  value: value => line({ type: 'value', data: toJson(value) }),
  map: (name, type, elements) => line({ type: mapKind(type), data: { [`@${name}`]: mapJson(elements) } }),
  attached: probes => line({ type: 'attached_probes', count: probes, data: { probes } }),
  ending: '',
};

function line(value: Json): string {
  return `${jsonText(value)}\n`;
}

function mapKind(type: Type): string {
  if (type.kind !== 'aggregate') return 'map';
  if (type.name === 'hist' || type.name === 'lhist') return 'hist';
  return type.name === 'stats' || type.name === 'avg' ? 'stats' : 'map';
}

function mapJson(elements: readonly MapElement[]): Json {
  const [first] = elements;
  if (first !== undefined && first.key === undefined) return mapValueJson(first.value);
  return Object.fromEntries(elements.map(({ key, value }) => [jsonKey(key ?? 0n), mapValueJson(value)]));
}

/** bpftrace takes all spaces out of keys, also those of text. */
function jsonKey(key: TraceValue): string {
  return keyText(key).replaceAll(' ', '');
}

function mapValueJson(value: MapValue): Json {
  switch (value.kind) {
    case 'stats':
      return { count: value.count, average: value.average, total: value.total };
    case 'histogram':
      return value.buckets.map(({ min, max, count }) => ({
        ...(min !== undefined && { min }),
        ...(max !== undefined && { max }),
        count,
      }));
    default:
      return toJson(value.value);
  }
}
