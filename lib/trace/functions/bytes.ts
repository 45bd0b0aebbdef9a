/** Bytes of memory: compared, written out as addresses, joined. */
import { isIP } from 'node:net';
import { binary, compare, constant, helper, load, offsetBy, type Step, type Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import { words } from '../lower/store.js';
import { parseAddress } from '../print/address.js';
import type { CallExpression, Expression } from '../tree/tree.js';
import { typeText } from '../types/join.js';
import { bool, int64, isScalar, languageSize, padded, type Type, uint64 } from '../types/type.js';
import type { Typing } from '../types/typing.js';
import type { FunctionRow } from './row.js';
import { checked } from './strings.js';
import { textOf } from './text-argument.js';
import { argumentAt } from './time.js';

export const bytes: readonly FunctionRow[] = [
  { name: 'memcmp', takes: [3, 3], type: checked(int64), lower: lowerMemcmp },
  { name: 'pton', takes: [1, 1], type: ptonType, lower: lowerPton },
  { name: 'strcap', takes: [1, 1], type: checked(uint64), lower: lowerCapacity },
  { name: 'str_concat', takes: [2, 2], type: concatType, lower: lowerConcat },
  { name: 'is_err', takes: [1, 1], type: checked(bool), lower: lowerIsError },
];

/** What is compared at most: the verifier walks through each round. */
const mostCompared = 1024n;

function lowerMemcmp(call: CallExpression, lowering: Lowering): Value {
  const given = argumentAt(call, 2);
  const count = lowering.typing.number(given, given, 'how much is compared');
  if (count > mostCompared)
    throw lowering.refuse(given, `memcmp compares ${mostCompared} bytes at most, not ${count}`);
  const [left, right] = [0, 1].map(at => copyOf(lowering, argumentAt(call, at), Number(count))) as [
    Value,
    Value,
  ];
  const [result, at] = [lowering.slot(), lowering.slot()];
  const index: Value = { op: 'local', slot: at };
  for (const slot of [result, at]) lowering.push({ op: 'set', slot, value: constant(0) });
  const byte = (base: Value) => load(binary('+', base, index), 0, 1);
  const difference: Step = { op: 'set', slot: result, value: binary('-', byte(left), byte(right)) };
  const body: Step[] = [
    { op: 'if', condition: compare('>=', index, Number(count)), whenTrue: [{ op: 'break' }], whenFalse: [] },
    difference,
    {
      op: 'if',
      condition: compare('!=', { op: 'local', slot: result }, 0),
      whenTrue: [{ op: 'break' }],
      whenFalse: [],
    },
  ];
  lowering.push({ op: 'loop', body, next: [{ op: 'set', slot: at, value: binary('+', index, 1) }] });
  return { op: 'local', slot: result };
}

/** So many bytes of a value, or of what a pointer points to; behind its end are zeros. */
function copyOf(lowering: Lowering, given: Expression, count: number): Value {
  const type = lowering.type(given);
  const from = lowering.pin(lowering.lower(given));
  const to = lowering.frame(Math.max(8, count));
  lowering.push({ op: 'zero', to, size: padded(Math.max(8, count)) });
  if (isScalar(type) && type.kind !== 'pointer') {
    lowering.push({ op: 'store', to, offset: 0, size: 8, value: from });
    return to;
  }
  const space = type.kind === 'pointer' ? type.space : 'kernel';
  const size = type.kind === 'pointer' ? count : Math.min(count, languageSize(type));
  lowering.push({ op: 'do', value: helper(`probe_read_${space}`, to, size, from) });
  return to;
}

const byteType: Type = { kind: 'int', size: 1, signed: false };

function ptonType(call: CallExpression, typing: Typing): Type {
  const text = typing.text(call.arguments[0], call, 'an address');
  const version = isIP(text);
  if (version === 0) throw typing.refuse(call, `${JSON.stringify(text)} is no address of IPv4 or IPv6`);
  return { kind: 'array', of: byteType, count: version === 4 ? 4 : 16 };
}

function lowerPton(call: CallExpression, lowering: Lowering): Value {
  const address = parseAddress(lowering.typing.text(call.arguments[0], call, 'an address'));
  const room = Buffer.alloc(padded(address.length));
  room.set(address);
  const to = lowering.frame(room.length);
  for (const [at, word] of words(room).entries())
    lowering.push({ op: 'store', to, offset: at * 8, size: 8, value: constant(word) });
  return to;
}

function lowerCapacity(call: CallExpression, lowering: Lowering): Value {
  const given = argumentAt(call, 0);
  const type = lowering.type(given);
  if (type.kind === 'string') return constant(type.size);
  if (type.kind === 'array') return constant(type.count);
  return lowering.lower({ ...call, name: 'strlen' });
}

function concatType(call: CallExpression, typing: Typing): Type {
  const sizes = call.arguments.map(each => {
    const type = typing.typeOf(each);
    return type.kind === 'string' ? type.size : typing.settings.max_strlen;
  });
  return { kind: 'string', size: sizes.reduce((sum, size) => sum + size, 0) };
}

/** The second begins where the first ends, over its NUL. */
function lowerConcat(call: CallExpression, lowering: Lowering): Value {
  const type = lowering.type(call);
  const size = type.kind === 'string' ? type.size : 0;
  const [first, second] = [0, 1].map(at => textOf(lowering, argumentAt(call, at)));
  if (first === undefined || second === undefined) throw lowering.refuse(call, `of ${typeText(type)}`);
  const to = lowering.frame(size + 16);
  lowering.push({ op: 'zero', to, size: padded(size + 16) });
  const length = lowering.pin(helper('probe_read_kernel_str', to, first.size, first.address));
  const end = lowering.slot();
  lowering.push({ op: 'set', slot: end, value: constant(0) });
  const append: Step[] = [{ op: 'set', slot: end, value: binary('-', length, 1) }];
  const fits = compare('<=', length, first.size);
  lowering.push({
    op: 'if',
    condition: compare('s>', length, 0),
    whenTrue: [{ op: 'if', condition: fits, whenTrue: append, whenFalse: [] }],
    whenFalse: [],
  });
  const behind = binary('+', offsetBy(to, 0), { op: 'local', slot: end });
  lowering.push({ op: 'do', value: helper('probe_read_kernel_str', behind, second.size, second.address) });
  return to;
}

/** `MAX_ERRNO` in include/linux/err.h. */
const mostErrno = 4095;

function lowerIsError(call: CallExpression, lowering: Lowering): Value {
  return compare('>=', lowering.lower(argumentAt(call, 0)), -mostErrno);
}
