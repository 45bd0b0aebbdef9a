/** JSON with spaces where bpftrace has them, and numbers of 64 bits written out. */
import { bufferText } from './text.js';
import { List, Named, type TraceValue } from './value.js';

export type Json = string | number | bigint | boolean | readonly Json[] | { readonly [name: string]: Json };

export function toJson(value: TraceValue): Json {
  if (value instanceof Named) return value.address ?? value.text;
  if (value instanceof Uint8Array) return bufferText(value);
  if (value instanceof List) return value.items.map(toJson);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value as Record<string, TraceValue>).map(([name, each]) => [name, toJson(each)]),
    );
  return value;
}

/** Objects have a space behind colons and commas, lists have none. A number that JSON's readers would round is text. */
export function jsonText(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([name, each]) => `${quoted(name)}: ${jsonText(each)}`)
      .join(', ')}}`;
  const isRounded = typeof value === 'bigint' && BigInt(Number(value)) !== value;
  return isRounded ? quoted(String(value)) : String(value);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
