/** A record's type as plain data: a recording has it, so that it is replayed as what it is. */
import type { Codec, StructCodec } from '../../codec/index.js';

/** One type, and where its members are. */
export interface RecordType {
  /** In C: `struct event`. */
  readonly type: string;
  readonly size: number;
  readonly members?: readonly (readonly [name: string, offset: number, type: RecordType])[];
}

/** The type that a codec reads. */
export function recordTypeOf(codec: Codec<unknown>): RecordType {
  const { type, size } = codec;
  if (!('layout' in codec)) return { type, size };
  const { layout } = codec as StructCodec<Record<string, unknown>>;
  const members = Object.entries(layout).map(([name, [offset, member]]) => {
    return [name, offset, recordTypeOf(member)] as const;
  });
  return { type, size, members };
}

/**
 * Why records of one type cannot be read as another, as a clause; undefined where they can. A type may read fewer
 * members than there are, and each in another form.
 */
export function unlikeness(recorded: RecordType, wanted: RecordType, name = wanted.type): string | undefined {
  if (wanted.size > recorded.size)
    return `${name} has ${wanted.size} bytes, ${recorded.type} was recorded with ${recorded.size}`;
  const { members: had } = recorded;
  if (wanted.members === undefined || had === undefined) return undefined;
  const found = wanted.members.map(member => unlikeMember(had, member, `${recorded.type} was recorded`));
  return found.find(reason => reason !== undefined);
}

type Member = NonNullable<RecordType['members']>[number];

function unlikeMember(had: readonly Member[], [name, offset, type]: Member, was: string): string | undefined {
  const known = had.find(([other]) => other === name);
  if (known === undefined) return `${was} without member ${name}`;
  if (known[1] !== offset) return `${was} with ${name} at byte ${known[1]}, not ${offset}`;
  if (known[2].size !== type.size) return `${was} with ${known[2].size} bytes of ${name}, not ${type.size}`;
  return unlikeness(known[2], type, name);
}
