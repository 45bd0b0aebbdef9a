/** Types to be written: what may be left out, and what BTF cannot hold. */
import { argumentError, requireInteger, requireList, requireObject, shown } from '../errors/arguments.js';
import { meant } from '../errors/nearest.js';
import {
  type BtfArray,
  type BtfCommon,
  type BtfDatasec,
  type BtfDeclTag,
  type BtfEnum,
  type BtfFloat,
  type BtfFunc,
  type BtfFuncProto,
  type BtfFwd,
  type BtfInt,
  type BtfKind,
  type BtfMember,
  type BtfReference,
  type BtfStruct,
  type BtfType,
  type BtfVar,
  btfKinds,
} from './type.js';

/** A type without its id, and with less where some of it is mostly the same. */
export type NewBtf<Type extends BtfCommon<BtfKind>, Optional extends keyof Type> = Omit<
  Type,
  'id' | Optional
> &
  Partial<Pick<Type, Optional>>;

/** A member for `BtfBuilder.add()`; its type alone has to be said. */
export type NewBtfMember = Pick<BtfMember, 'type'> & Partial<BtfMember>;

/** A struct or union for `BtfBuilder.add()`. */
export type NewBtfStruct = Omit<NewBtf<BtfStruct, 'name'>, 'members'> & {
  readonly members?: readonly NewBtfMember[];
};

/** A type for `BtfBuilder.add()`: as `Btf.type()` gives one, without an id, and without what is 0, false or empty. */
export type NewBtfType =
  | NewBtf<BtfInt, 'bits' | 'bitOffset' | 'signed' | 'bool'>
  | NewBtf<BtfReference, 'name' | 'attribute'>
  | NewBtf<BtfArray, 'name'>
  | NewBtfStruct
  | NewBtf<BtfEnum, 'name' | 'size' | 'signed'>
  | NewBtf<BtfFwd, 'of'>
  | NewBtf<BtfFunc, 'linkage'>
  | NewBtf<BtfFuncProto, 'name' | 'type' | 'params' | 'variadic'>
  | NewBtf<BtfVar, 'linkage'>
  | NewBtf<BtfDatasec, 'size'>
  | NewBtf<BtfFloat, never>
  | NewBtf<BtfDeclTag, 'component' | 'attribute'>;

const numbers = ['size', 'type', 'indexType', 'count', 'bitOffset', 'offset', 'bits'] as const;
const lists = ['members', 'values', 'params', 'variables'] as const;

/** What stands for what was left out. */
const absent: Readonly<Partial<Record<BtfKind, object>>> = {
  int: { bitOffset: 0, signed: false, bool: false },
  struct: { members: [] },
  union: { members: [] },
  enum: { size: 4, signed: false },
  enum64: { size: 8, signed: false },
  fwd: { of: 'struct' },
  func: { linkage: 'static' },
  func_proto: { type: 0, params: [], variadic: false },
  var: { linkage: 'static' },
  datasec: { size: 0 },
  decl_tag: { component: -1, attribute: false },
  type_tag: { attribute: false },
};

/** What has to be there. */
const needed: Readonly<Partial<Record<BtfKind, readonly string[]>>> = {
  int: ['size'],
  float: ['size'],
  ptr: ['type'],
  const: ['type'],
  volatile: ['type'],
  restrict: ['type'],
  typedef: ['type'],
  type_tag: ['type'],
  decl_tag: ['type'],
  func: ['type'],
  var: ['type'],
  array: ['type', 'indexType', 'count'],
  struct: ['size'],
  union: ['size'],
  enum: ['values'],
  enum64: ['values'],
  datasec: ['variables'],
};

/** Of one entry of a list. */
const neededInEntry: Readonly<Record<(typeof lists)[number], readonly string[]>> = {
  members: ['type'],
  params: ['type'],
  values: ['value'],
  variables: ['type', 'offset', 'size'],
};

const absentInMember = { name: '', bitOffset: 0, bits: 0 };

/** Most entries of one type: `BTF_MAX_VLEN` (include/uapi/linux/btf.h). */
const mostEntries = 0xffff;
/** Where a bitfield may begin: 24 bits of a member's third word are its offset, above them its width. */
const mostBitfieldOffset = 0xff_ffff;

/** The whole type. @throws BpfError `ERR_BPF_ARGUMENT` that names the field */
export function completeType(given: NewBtfType, id: number): BtfType {
  const operation = `add BTF type ${id}`;
  const kinds = btfKinds.slice(1);
  if (!kinds.includes(given.kind as (typeof kinds)[number])) {
    const reason = `there is no kind ${shown(given.kind)}; there are ${kinds.join(', ')}`;
    throw argumentError(operation, reason, meant(String(given.kind), kinds));
  }
  const bits = given.kind === 'int' && given.size > 0 ? { bits: given.size * 8 } : undefined;
  const type = { name: '', ...bits, ...absent[given.kind], ...given, id };
  requireFields(operation, type, needed[given.kind]);
  if (type.kind === 'struct' || type.kind === 'union')
    return { ...type, members: membersOf(operation, type) };
  return type as BtfType;
}

function membersOf(operation: string, { members = [] }: NewBtfStruct): BtfMember[] {
  const whole = members.map(member => ({ ...absentInMember, ...member }));
  for (const { name, bitOffset, bits } of whole) {
    if (whole.every(member => member.bits === 0)) break;
    requireInteger(operation, `the width of bitfield ${name}`, bits, 0xff);
    requireInteger(operation, `the offset of ${name} beside bitfields`, bitOffset, mostBitfieldOffset);
  }
  return whole;
}

const words: Readonly<Record<string, readonly unknown[]>> = {
  linkage: ['static', 'global', 'extern'],
  of: ['struct', 'union'],
};

/** The fields that are there, those of entries too. */
function requireFields(operation: string, type: object, needs: readonly string[] = []): void {
  const fields = type as Readonly<Record<string, unknown>>;
  const has = (field: string) => field in fields || needs.includes(field);
  requireName(operation, fields.name ?? '');
  for (const field of numbers) if (has(field)) requireInteger(operation, field, fields[field]);
  for (const [field, known] of Object.entries(words)) {
    if (!(field in fields) || known.includes(fields[field])) continue;
    throw argumentError(operation, `${field} is ${known.join(', ')}, not ${shown(fields[field])}`);
  }
  if (has('value')) requireEnumValue(operation, fields.value);
  for (const field of lists) if (has(field)) requireEntries(operation, field, fields[field]);
}

function requireEntries(operation: string, field: (typeof lists)[number], entries: unknown): void {
  requireList(operation, field, entries);
  const { length } = entries as unknown[];
  if (length > mostEntries)
    throw argumentError(operation, `a type has at most ${mostEntries} ${field}, not ${length}`);
  for (const entry of entries as unknown[]) {
    requireObject(operation, `one of its ${field} is an object`, entry);
    requireFields(operation, entry as object, neededInEntry[field]);
  }
}

function requireName(operation: string, name: unknown): void {
  if (typeof name === 'string' && !name.includes('\0')) return;
  throw argumentError(operation, `a name is a string without NUL, not ${shown(name)}`);
}

function requireEnumValue(operation: string, value: unknown): void {
  if (
    Number.isSafeInteger(value) ||
    (typeof value === 'bigint' && value >= -(2n ** 63n) && value < 2n ** 64n)
  )
    return;
  throw argumentError(operation, `a value of an enum is an integer of 64 bits, not ${shown(value)}`);
}
