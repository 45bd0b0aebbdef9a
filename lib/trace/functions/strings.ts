/** Text and bytes. */
import { binary, compare, constant, helper, load, type Step, type Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import { arrayAddress } from '../lower/places.js';
import type { CallExpression } from '../tree/tree.js';
import { typeText } from '../types/join.js';
import {
  isScalar,
  languageSize,
  padded,
  type Space,
  type StringType,
  storageSize,
  type Type,
  uint64,
} from '../types/type.js';
import type { Typing } from '../types/typing.js';
import type { FunctionRow } from './row.js';
import { type Text, textOf } from './text-argument.js';
import { argumentAt } from './time.js';

export const strings: readonly FunctionRow[] = [
  { name: 'str', takes: [1, 2], type: strType, lower: lowerStr },
  { name: 'buf', takes: [1, 2], type: bufType, lower: lowerBuf },
  { name: 'strlen', takes: [1, 1], type: uint64, lower: lowerStrlen },
  { name: 'strncmp', takes: [3, 3], type: strncmpType, lower: lowerStrncmp },
];

/** A type that does not depend on its arguments, which are looked at all the same. */
export function checked(type: Type): FunctionRow['type'] {
  return (call, typing) => {
    for (const each of call.arguments) typing.typeOf(each);
    return type;
  };
}

/** A limit that is known has room for the text and its NUL. Without one, so many letters are read, and cut text is marked. */
function limited(call: CallExpression, typing: Typing): StringType {
  const { max_strlen: size, str_trunc_trailer: trailer } = typing.settings;
  const [, given] = call.arguments;
  const value = given && typing.literal(given);
  const isLess = typeof value === 'bigint' && value >= 0n && value <= BigInt(size);
  return isLess ? { kind: 'string', size: Math.max(1, Number(value)) } : { kind: 'string', size, trailer };
}

function strType(call: CallExpression, typing: Typing): Type {
  const [given] = call.arguments;
  const type = typing.typeOf(argumentAt(call, 0));
  for (const each of call.arguments.slice(1)) typing.typeOf(each);
  if (type.kind === 'string') return type;
  if (given?.kind === 'literal' && given.value === 0n) return { kind: 'string', size: 1 };
  if (!isScalar(type) && type.kind !== 'array')
    throw typing.refuse(call, `str takes an address, and this is ${typeText(type)}`);
  return limited(call, typing);
}

export function spaceOfPointer(type: Type, lowering: Lowering): Space {
  return type.kind === 'pointer' ? type.space : lowering.typing.space;
}

function lowerStr(call: CallExpression, lowering: Lowering): Value {
  const given = argumentAt(call, 0);
  const from = lowering.type(given);
  const type = lowering.type(call);
  if (from.kind === 'string' || from.kind === 'array') return lowering.lowerAs(given, type);
  const address = lowering.pin(lowering.lower(given));
  const { size, trailer } = type.kind === 'string' ? type : { size: 1 };
  const { length, room } = lengthOf(call, lowering, trailer === undefined ? size : size + 1);
  const to = lowering.frame(room);
  lowering.push({ op: 'zero', to, size: storageSize(type) });
  const read = `probe_read_${spaceOfPointer(from, lowering)}_str`;
  lowering.push({ op: 'do', value: helper(read, to, length, address) });
  return to;
}

interface Length {
  readonly length: Value;
  /** More bytes than that the verifier does not see in it. */
  readonly room: number;
}

/** How much is read: what is known before, or a number of the program's that the verifier sees is not much more. */
function lengthOf(call: CallExpression, lowering: Lowering, most: number): Length {
  const [, given] = call.arguments;
  if (given === undefined || lowering.typing.literal(given) !== undefined)
    return { length: constant(most), room: most };
  const length = lowering.pin(lowering.lower(given));
  const slot = lowering.slot();
  lowering.push({ op: 'set', slot, value: constant(most) });
  const whenTrue: Step[] = [{ op: 'set', slot, value: length }];
  lowering.push({ op: 'if', condition: compare('<', length, most), whenTrue, whenFalse: [] });
  const room = 2 ** (Math.floor(Math.log2(Math.max(1, most))) + 1) - 1;
  return { length: binary('&', { op: 'local', slot }, room), room };
}

function bufType(call: CallExpression, typing: Typing): Type {
  const type = typing.typeOf(argumentAt(call, 0));
  for (const each of call.arguments.slice(1)) typing.typeOf(each);
  const own = type.kind === 'array' ? languageSize(type) : type.kind === 'string' ? type.size : undefined;
  const [, given] = call.arguments;
  const most = given === undefined && own !== undefined ? own : typing.settings.max_strlen;
  const length = given && typing.literal(given);
  return {
    kind: 'buffer',
    size: typeof length === 'bigint' && length < BigInt(most) ? Number(length) : most,
  };
}

function lowerBuf(call: CallExpression, lowering: Lowering): Value {
  const given = argumentAt(call, 0);
  const type = lowering.type(call);
  const size = type.kind === 'buffer' ? type.size : 0;
  const from = lowering.type(given);
  const place = arrayAddress(lowering, given);
  const address = lowering.pin(place?.address ?? lowering.lower(given));
  const { length, room } = lengthOf(call, lowering, size);
  const to = lowering.frame(8 + Math.max(padded(size), room));
  lowering.push({ op: 'zero', to, size: storageSize(type) });
  lowering.push({ op: 'store', to, offset: 0, size: 8, value: length });
  if (to.op !== 'frame' || size === 0) return to;
  const space = place?.space ?? (isScalar(from) ? spaceOfPointer(from, lowering) : 'kernel');
  lowering.push({
    op: 'do',
    value: helper(`probe_read_${space}`, { op: 'frame', offset: to.offset + 8 }, length, address),
  });
  return to;
}

/** Reads the text once more as a string: the helper tells how long it was. */
function lowerStrlen(call: CallExpression, lowering: Lowering): Value {
  const given = argumentAt(call, 0);
  const type = lowering.type(given);
  const isText = type.kind === 'string';
  const size = isText ? type.size : lowering.program.settings.max_strlen;
  const address = lowering.pin(lowering.lower(given));
  const to = lowering.frame(size + 1);
  const space = isText ? 'kernel' : spaceOfPointer(type, lowering);
  const length = lowering.pin(helper(`probe_read_${space}_str`, to, size + 1, address));
  const slot = lowering.slot();
  lowering.push({ op: 'set', slot, value: constant(0) });
  const whenTrue: Step[] = [{ op: 'set', slot, value: binary('-', length, 1) }];
  lowering.push({ op: 'if', condition: compare('s>', length, 0), whenTrue, whenFalse: [] });
  return { op: 'local', slot };
}

function strncmpType(call: CallExpression, typing: Typing): Type {
  for (const each of call.arguments) typing.typeOf(each);
  typing.number(call.arguments[2], call, 'how much is compared');
  return uint64;
}

/** 0 where so many bytes are the same, or both texts end before. */
function lowerStrncmp(call: CallExpression, lowering: Lowering): Value {
  const [left, right] = [0, 1].map(at => textOf(lowering, argumentAt(call, at))) as [Text, Text];
  const count = Math.min(Number(lowering.typing.literal(argumentAt(call, 2)) ?? 0n), left.size, right.size);
  const [result, at] = [lowering.slot(), lowering.slot()];
  const index: Value = { op: 'local', slot: at };
  lowering.push({ op: 'set', slot: result, value: constant(0) });
  lowering.push({ op: 'set', slot: at, value: constant(0) });
  const byte = (text: Text) => load(binary('+', text.address, index), 0, 1);
  const differ: Step[] = [{ op: 'set', slot: result, value: constant(1) }, { op: 'break' }];
  const body: Step[] = [
    { op: 'if', condition: compare('>=', index, count), whenTrue: [{ op: 'break' }], whenFalse: [] },
    { op: 'if', condition: compare('!=', byte(left), byte(right)), whenTrue: differ, whenFalse: [] },
    { op: 'if', condition: compare('==', byte(left), 0), whenTrue: [{ op: 'break' }], whenFalse: [] },
  ];
  lowering.push({ op: 'loop', body, next: [{ op: 'set', slot: at, value: binary('+', index, 1) }] });
  return { op: 'local', slot: result };
}
