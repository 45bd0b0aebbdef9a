/** Records of several types in one stream, told apart by a member that all of them have at the same place. */
import { argumentError, requireObject } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import { type Codec, leastOf, type ValueOf } from './codec.js';
import { requireCodec } from './faults.js';
import { emittable, type InlineCodec, inline } from './inline.js';
import type { Layout, StructCodec } from './struct.js';

/** Struct codecs by the value of their tag: an enumerator's name, or a number. */
// biome-ignore lint/suspicious/noExplicitAny: the members are each type's own
export type Variants = Readonly<Record<string | number, StructCodec<any>>>;

type AnyStruct = Variants[string];

/** One of the types, its tag narrowed to its key, the name or the number: TypeScript tells them apart by comparing it. */
export type Tagged<Tag extends string, V extends Variants> = {
  [Key in keyof V & (string | number)]: Omit<ValueOf<V[Key]>, Tag> &
    Readonly<Record<Tag, Key extends `${infer N extends number}` ? N : Key>>;
}[keyof V & (string | number)];

/**
 * Reads each record as the type that its tag says.
 *
 * @param tag - the member that tells them apart; all types have it at the same offset
 * @param variants - each type, by what the tag reads as
 * @throws BpfError `ERR_BPF_ARGUMENT` where the types do not agree on the tag; when reading, `ERR_BPF_RECORD` for a
 * tag that none of them has
 *
 * @example
 * ```ts
 * const Opened = struct<{ kind: number; path: string }>('struct opened', 20, { kind: [0, u32], path: [4, text(16)] });
 * const Closed = struct<{ kind: number; error: number }>('struct closed', 8, { kind: [0, u32], error: [4, s32] });
 * for await (const event of bpf.maps.events.as(tagged('kind', { 1: Opened, 2: Closed }))) {
 *   if (event.kind === 1) console.log(event.path);
 *   else console.log(event.error);
 * }
 * ```
 */
export function tagged<const Tag extends string, const V extends Variants>(
  tag: Tag,
  variants: V,
): InlineCodec<Tagged<Tag, V>> {
  requireObject('describe a tagged union', 'its variants are an object', variants);
  for (const variant of Object.values(variants)) requireCodec('describe a tagged union', variant);
  type Value = Tagged<Tag, V>;
  const codecs = new Map<string, AnyStruct>(Object.entries(variants));
  const type = [...codecs.values()].map(codec => codec.type).join(' | ');
  const [at, tagCodec] = commonTag(type, tag, [...codecs.values()]);
  const chosen = (view: DataView, offset: number, end: number): AnyStruct => {
    const value = emittable(tagCodec).take(view, offset + at, end);
    const codec = codecs.get(String(value));
    if (codec === undefined) throw unknownTag(type, tag, value, [...codecs.keys()]);
    return codec;
  };
  const read = (view: DataView, offset: number, end: number): Value =>
    chosen(view, offset, end).read(view, offset, end);
  return inline<Value>({
    type,
    size: Math.min(...Array.from(codecs.values(), leastOf)),
    flexible: true,
    source: (start, end, scope) => `${scope.constant(read)}(v, o + ${start}, ${end})`,
    take: read,
    accepts(view, offset, end) {
      const codec = codecs.get(String(emittable(tagCodec).take(view, offset + at, end)));
      return codec !== undefined && leastOf(codec) <= end - offset;
    },
    put(view, offset, value) {
      const codec = codecs.get(String((value as Readonly<Record<string, unknown>>)[tag]));
      if (codec === undefined) throw unknownTag(type, tag, undefined, [...codecs.keys()]);
      codec.write(view, offset, value);
    },
    sizeFor: value => codecs.get(String((value as Readonly<Record<string, unknown>>)[tag]))?.size ?? 0,
  });
}

/** Where the tag is, and how it is read. */
function commonTag(
  type: string,
  tag: string,
  codecs: readonly AnyStruct[],
): readonly [offset: number, codec: Codec<unknown>] {
  const places = codecs.map(({ layout }) => {
    return Object.hasOwn(layout, tag) ? (layout as Layout<Record<string, unknown>>)[tag] : undefined;
  });
  const [first] = places;
  const agree = first && places.every(place => place?.[0] === first[0] && place[1].type === first[1].type);
  if (agree) return first;
  throw argumentError(
    `tell ${type || 'types'} apart`,
    `not all of them have ${tag} at the same place with the same type`,
    'begin each record with the same members',
  );
}

function unknownTag(type: string, tag: string, value: unknown, known: readonly string[]): BpfError {
  return new BpfError({
    code: 'ERR_BPF_RECORD',
    operation: `read ${type}`,
    reason: `no type has ${tag} ${String(value)}`,
    hint: `there are types for ${known.join(', ')}`,
  });
}
