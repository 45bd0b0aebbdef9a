/** Structs and unions. */
import { argumentError, requireInteger, requireObject, shown } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
import { type Codec, leastOf } from './codec.js';
import { emittable, type InlineCodec, type InlineParts, inline } from './inline.js';
import { type Member, markOverlaps } from './member.js';
import { objectSource, takeMembers } from './struct-reader.js';
import { putMembers, sizeWith, storeMembers } from './struct-writer.js';

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
  requireInteger(`describe ${shown(type)}`, 'its size', size);
  requireObject(`describe ${shown(type)}`, 'its layout is an object', layout);
  const members = readLayout(type, size, layout);
  const flexible = members.some(member => member.codec.flexible);
  const codec: StructCodec<T> = inline<T, InlineParts<T> & Pick<StructCodec<T>, 'layout'>>({
    type,
    size,
    layout,
    flexible,
    ...(flexible && { least: endOf(members) }),
    padded: true,
    source: (at, end, scope) => objectSource(members, at, end, scope),
    take: (view, offset, end) => takeMembers(members, view, offset, end) as T,
    put: (view, offset, value) => putMembers(type, members, view, offset, value),
    ...(flexible
      ? { sizeFor: (value: T) => sizeWith(size, members, value) }
      : {
          store: (value, at, scope) =>
            scope.roomFor(members.length) || at === 0
              ? storeMembers(type, size, members, value, at, scope)
              : `${scope.constant(codec)}.write(v, o + ${at}, ${value});`,
        }),
  });
  return codec;
}

/** Where the last member ends that a record must have; a flexible array may be empty. */
function endOf(members: readonly Member[]): number {
  return members.reduce((end, { offset, codec }) => Math.max(end, offset + leastOf(codec)), 0);
}

/**
 * A C union: a struct whose members all start at its first byte. Reading gives all of them, and so does its type; a
 * value to be written says the one that is meant.
 *
 * @example
 * ```ts
 * const Address = union('union address', 4, { word: [0, u32], octets: [0, array(u8, 4)] });
 * encode(Address, { word: 1 } as ValueOf<typeof Address>); // 01 00 00 00
 * ```
 */
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
  return argumentError(`lay out ${type}`, reason);
}
