/** Values to JSON and back: what JSON has no form for becomes text, and the shape says what that text was. */
import type { Shape, StructShape } from './shape.js';

/** A value as plain JSON: bigint as decimal text, bytes as hexadecimal text, NaN and infinities by name. */
export function toJson(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0) ? value : numberText(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  return mapped(Object.entries(value).map(([name, item]) => [name, toJson(item)]));
}

/** The value that JSON stands for; what does not fit the shape stays as it is, for the codec to refuse. */
export function fromJson(shape: Shape, json: unknown): unknown {
  switch (shape.kind) {
    case 'scalar':
      return scalarFrom(shape.scalar, json);
    case 'bytes':
      return isHex(json) ? Uint8Array.from(Buffer.from(json, 'hex')) : json;
    case 'array':
      return Array.isArray(json) ? json.map(item => fromJson(shape.of, item)) : json;
    case 'enumeration':
      return enumFrom(shape, json);
    case 'flags':
      return Array.isArray(json) ? json.map(item => enumFrom(shape, item)) : json;
    case 'bits':
      return fromJson(shape.of, json);
    case 'struct':
    case 'union':
      return structFrom(shape, json);
    default:
      return json;
  }
}

function structFrom({ members }: StructShape, json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json;
  const given = members.filter(({ name }) => Object.hasOwn(json, name));
  return mapped(
    given.map(({ name, shape }) => [name, fromJson(shape, (json as Record<string, unknown>)[name])]),
  );
}

function scalarFrom(scalar: string, json: unknown): unknown {
  if (typeof json !== 'string') return /^[us](64|128)(be)?$|^pointer/.test(scalar) ? integerFrom(json) : json;
  return scalar.startsWith('f') ? Number(json) : integerFrom(json);
}

/** Names of 64-bit enums are text as their values are; a name is no number. */
function enumFrom(
  { scalar, values }: { scalar: string; values: readonly (readonly [string, unknown])[] },
  json: unknown,
) {
  const isName = typeof json === 'string' && values.some(([name]) => name === json);
  return isName || !scalar.includes('64') ? json : integerFrom(json);
}

function integerFrom(json: unknown): unknown {
  if (typeof json === 'number' && Number.isSafeInteger(json)) return BigInt(json);
  return typeof json === 'string' && /^-?\d+$|^0x[\da-f]+$/i.test(json) ? BigInt(json) : json;
}

function isHex(json: unknown): json is string {
  return typeof json === 'string' && json.length % 2 === 0 && /^[\da-f]*$/i.test(json);
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** As `Object.fromEntries`, which gives `__proto__` no special meaning. */
function mapped(entries: [string, unknown][]): object {
  return Object.fromEntries(entries);
}
