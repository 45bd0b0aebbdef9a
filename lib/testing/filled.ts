/** Records that a test says in part: the rest is zero, as in memory that a program has cleared. */
import type { Codec } from '../codec/codec.js';
import { decode } from '../codec/index.js';
import type { InlineParts } from '../codec/inline.js';
import { type Member, markOverlaps } from '../codec/member.js';
import type { Layout } from '../codec/struct.js';

/** The record with every member that it does not say, nor says in another form of a union. */
export function filled(codec: Codec<unknown>, record: unknown): unknown {
  const { layout } = codec as { readonly layout?: Layout<Record<string, unknown>> };
  if (layout === undefined || typeof record !== 'object' || record === null) return record;
  const given = record as Readonly<Record<string, unknown>>;
  const members = membersOf(layout);
  const said = new Set(members.filter(({ name }) => name in given).map(({ group }) => group));
  const rest = members.filter(({ name, group }) => !(name in given) && (group === 0 || !said.has(group)));
  return {
    ...Object.fromEntries(rest.map(member => [member.name, zeroOf(member.codec)])),
    ...Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, memberOf(members, name, value)]),
    ),
  };
}

function memberOf(members: readonly Member[], name: string, value: unknown): unknown {
  const member = members.find(each => each.name === name);
  return member === undefined ? value : filled(member.codec as unknown as Codec<unknown>, value);
}

function membersOf(layout: Layout<Record<string, unknown>>): readonly Member[] {
  const places = Object.entries(layout).map(([name, [offset, codec]]) => {
    return { name, offset, codec: codec as unknown as InlineParts<unknown> };
  });
  return markOverlaps(places);
}

function zeroOf(codec: InlineParts<unknown>): unknown {
  return decode(codec as unknown as Codec<unknown>, new Uint8Array(codec.size));
}
