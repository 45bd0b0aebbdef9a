/** Structs and unions. */
import { BpfError } from '../errors.js';
import { writeTogether } from './agreement.js';
import type { Codec } from './codec.js';
import { unfit, ValueError, within } from './faults.js';
import { type Member, markOverlaps } from './member.js';
import { emittable, type InlineCodec, inline, type Parts, put, type Scope } from './reader.js';

/** Each member's offset in bytes and codec, in the order that objects get them. */
export type Layout<T> = { readonly [Name in keyof T]-?: readonly [offset: number, codec: Codec<T[Name]>] };

/** A struct's codec, with its members in reach: a data section's variables are read one by one. */
export interface StructCodec<T> extends InlineCodec<T> {
  readonly layout: Layout<T>;
}

/**
 * A C struct as a plain object. Members of anonymous structs and unions stand beside the others, as in C. Members that
 * share bytes are all read; of those, a value to be written needs only some, and those that it has must agree.
 *
 * @param type - as `struct event`
 * @param size - in bytes; of a struct that ends in a flexible array, without that tail
 * @param layout - where each member is, and its codec
 */
export function struct<T extends object>(type: string, size: number, layout: Layout<T>): StructCodec<T> {
  const members = readLayout(type, size, layout);
  const tail = members.find(member => member.codec.flexible);
  return inline<T, Parts<T> & Pick<StructCodec<T>, 'layout'>>({
    type,
    size,
    layout,
    flexible: tail !== undefined,
    source: (at, end, scope) => objectSource(members, at, end, scope),
    take: (view, offset, end) => readMembers(members, view, offset, end) as T,
    write(view, offset, value) {
      new Uint8Array(view.buffer, view.byteOffset + offset, size).fill(0);
      writeMembers(type, members, view, offset, value);
    },
    put: (view, offset, value) => writeMembers(type, members, view, offset, value),
    ...(tail && { sizeFor: (value: T) => sizeWith(size, members, value) }),
  });
}

/** A C union: a struct whose members all start at its first byte. */
export const union: typeof struct = struct;

function readLayout(type: string, size: number, layout: Layout<object>): readonly Member[] {
  const entries = Object.entries(layout as Readonly<Record<string, readonly [number, Codec<unknown>]>>);
  const members = entries.map(([name, [offset, codec]]) => ({ name, offset, codec: emittable(codec) }));
  const outside = members.find(({ offset, codec }) => offset < 0 || offset + codec.size > size);
  if (outside) throw misplaced(type, size, outside.name);
  return markOverlaps(members);
}

function misplaced(type: string, size: number, name: string): BpfError {
  const reason = `${name} does not lie within ${size} bytes`;
  return new BpfError({ code: 'ERR_BPF_ARGUMENT', operation: `lay out ${type}`, reason });
}

/** An object literal has a stable shape; a computed `__proto__` is a name like any other. */
function objectSource(members: readonly Member[], at: number, end: string, scope: Scope): string {
  if (!scope.roomFor(members.length) && at > 0) {
    const read = (view: DataView, offset: number, limit: number) => readMembers(members, view, offset, limit);
    return `${scope.constant(read)}(v, o + ${at}, ${end})`;
  }
  const fields = members.map(({ name, offset, codec }) => {
    const start = at + offset;
    const value = codec.source(start, codec.flexible ? end : `o + ${start + codec.size}`, scope);
    return `${name === '__proto__' ? '["__proto__"]' : JSON.stringify(name)}: ${value}`;
  });
  return `({ ${fields.join(', ')} })`;
}

/** A property as assignment would make it; assigning `__proto__` would set the prototype. */
const plain = { writable: true, enumerable: true, configurable: true };

function readMembers(members: readonly Member[], view: DataView, offset: number, end: number): object {
  const result: Record<string, unknown> = {};
  for (const { name, offset: at, codec } of members) {
    const start = offset + at;
    const value = codec.take(view, start, codec.flexible ? end : start + codec.size);
    if (name === '__proto__') Object.defineProperty(result, name, { ...plain, value });
    else result[name] = value;
  }
  return result;
}

function writeMembers(
  type: string,
  members: readonly Member[],
  view: DataView,
  offset: number,
  value: object,
) {
  if (typeof value !== 'object' || value === null) throw unfit(type, 'an object', value);
  let shared: Map<number, Member[]> | undefined;
  for (const member of members) {
    const { name, group, codec } = member;
    const isGiven = Object.hasOwn(value, name);
    if (group !== 0 && isGiven) {
      shared ??= new Map();
      shared.set(group, [...(shared.get(group) ?? []), member]);
    } else if (isGiven) writeMember(type, member, view, offset, value);
    else if (group === 0) throw new ValueError(type, name, `is missing, it takes ${codec.type}`);
  }
  for (const together of shared?.values() ?? []) {
    const given = together.map(member => ({
      member,
      value: (value as Readonly<Record<string, unknown>>)[member.name],
      write: () => writeMember(type, member, view, offset, value),
    }));
    writeTogether(type, given, view, offset);
  }
}

function writeMember(
  type: string,
  { name, offset: at, codec }: Member,
  view: DataView,
  offset: number,
  value: object,
) {
  try {
    put(codec, view, offset + at, (value as Readonly<Record<string, unknown>>)[name]);
  } catch (error) {
    throw within(error, type, name);
  }
}

function sizeWith(size: number, members: readonly Member[], value: object): number {
  const ends = members.map(({ name, offset, codec }) => {
    const given = (value as Readonly<Record<string, unknown>> | null)?.[name];
    return given === undefined ? 0 : offset + (codec.sizeFor?.(given) ?? codec.size);
  });
  return ends.reduce((a, b) => Math.max(a, b), size);
}
