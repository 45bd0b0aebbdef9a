/** An object's properties written as a struct's members. */
import { writeTogether } from './agreement.js';
import { unfit, ValueError, within } from './faults.js';
import { storeSource } from './inline.js';
import { isBits, type Member } from './member.js';
import { clear, clearSource, gaps } from './padding.js';
import type { Scope } from './scope.js';

/** Statements that write all of a struct: its padding, its members one by one, those that share bytes by a call. */
export function storeMembers(
  type: string,
  size: number,
  members: readonly Member[],
  value: string,
  at: number,
  scope: Scope,
): string {
  const whole = members.filter(member => member.group === 0 && member.codec.store && !isBits(member.codec));
  const spans = whole.map(({ offset, codec }) => ({ from: offset, to: offset + codec.size }));
  const padding = gaps(spans, size).map(({ from, to }) =>
    clearSource({ from: at + from, to: at + to }, () => scope.constant(clear)),
  );
  const alone = members.filter(({ group }) => group === 0).map(each => storeMember(each, value, at, scope));
  const shared = groupsOf(members).map(group => {
    const put = (view: DataView, offset: number, given: object) => putGroup(type, group, view, offset, given);
    return `${scope.constant(put)}(v, o + ${at}, ${value});`;
  });
  const check = `if (typeof ${value} !== 'object' || ${value} === null) throw 0;`;
  return [check, ...padding, ...alone, ...shared].join('\n');
}

function storeMember({ name, offset, codec }: Member, value: string, at: number, scope: Scope): string {
  const item = scope.variable();
  const key = JSON.stringify(name);
  const read = isInherited(name) ? `${scope.constant(given)}(${value}, ${key})` : `${value}[${key}]`;
  const check = codec.store ? '' : `if (${item} === undefined) throw 0;`;
  return `const ${item} = ${read}; ${check} ${storeSource(codec, item, at + offset, scope)}`;
}

/** The same without generated code; padding stays as it is. */
export function putMembers(
  type: string,
  members: readonly Member[],
  view: DataView,
  offset: number,
  value: object,
): void {
  if (typeof value !== 'object' || value === null) throw unfit(type, 'an object', value);
  for (const member of members) {
    if (member.group !== 0) continue;
    const { name, codec } = member;
    const item = given(value, name);
    if (item === undefined) throw new ValueError(type, name, `is missing, it takes ${codec.type}`);
    putMember(type, member, view, offset, item);
  }
  for (const group of groupsOf(members)) putGroup(type, group, view, offset, value);
}

const known = new WeakMap<readonly Member[], readonly (readonly Member[])[]>();

/** Members that share bytes, those that do in one list. */
function groupsOf(members: readonly Member[]): readonly (readonly Member[])[] {
  const groups = known.get(members) ?? grouped(members);
  known.set(members, groups);
  return groups;
}

function grouped(members: readonly Member[]): Member[][] {
  const groups = new Map<number, Member[]>();
  for (const member of members) groups.set(member.group, [...(groups.get(member.group) ?? []), member]);
  groups.delete(0);
  return [...groups.values()];
}

/** Writes those of a group that the value has. */
function putGroup(
  type: string,
  group: readonly Member[],
  view: DataView,
  offset: number,
  value: object,
): void {
  const items = group.flatMap(member => {
    const item = given(value, member.name);
    return item === undefined
      ? []
      : [{ member, value: item, write: () => putMember(type, member, view, offset, item) }];
  });
  writeTogether(type, items, view, offset);
}

function putMember(type: string, member: Member, view: DataView, offset: number, value: unknown): void {
  try {
    member.codec.put(view, offset + member.offset, value);
  } catch (error) {
    throw within(error, type, member.name);
  }
}

/** The value of a member; undefined where it is left out. What every object inherits is no member. */
function given(value: object, name: string): unknown {
  if (isInherited(name) && !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function isInherited(name: string): boolean {
  return name in Object.prototype;
}

/** Bytes that this value needs in a struct that ends in a flexible array. */
export function sizeWith(size: number, members: readonly Member[], value: object): number {
  const ends = members.map(({ name, offset, codec }) => {
    const item = typeof value === 'object' && value !== null ? given(value, name) : undefined;
    return item === undefined ? 0 : offset + (codec.sizeFor?.(item) ?? codec.size);
  });
  return ends.reduce((a, b) => Math.max(a, b), size);
}
