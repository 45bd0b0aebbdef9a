/** C enums by name. */
import { requireObject } from '../errors/arguments.js';
import { requireCodec, unfit } from './faults.js';
import { inline, storeAs } from './inline.js';
import type { Integer, IntegerCodec } from './make-scalar.js';

/**
 * A C enum: the name where the value has one, else the plain integer. Of two names for one value the first is read.
 *
 * @param type - as `enum state`
 * @param integer - what it is stored as: `u32`, `s32`, `u64be`
 * @param values - each name's value
 */
export function enumeration<const Values extends Readonly<Record<string, N>>, N extends number | bigint>(
  type: string,
  integer: IntegerCodec<N>,
  values: Values,
): IntegerCodec<(keyof Values & string) | N> {
  requireCodec('describe an enumeration', integer);
  requireObject('describe an enumeration', 'its values are an object', values);
  type Value = (keyof Values & string) | N;
  const numbers = new Map<string, N>(Object.entries(values));
  const names = new Map<number | bigint, Value>([...numbers].reverse().map(([name, value]) => [value, name]));
  const nameOf = (raw: N): Value => names.get(raw) ?? raw;
  const numberOf = (value: Value): N => {
    const known = typeof value === 'string' ? numbers.get(value) : value;
    if (known === undefined) throw unknownName(type, numbers, value);
    return known;
  };
  const { size, signed, littleEndian, wide } = integer;
  return inline<Value, Integer<Value>>({
    type,
    size,
    signed,
    littleEndian,
    wide,
    source: (at, end, scope) => `${scope.constant(nameOf)}(${integer.source(at, end, scope)})`,
    take: (view, offset, end) => nameOf(integer.take(view, offset, end)),
    put: (view, offset, value) => integer.put(view, offset, numberOf(value)),
    store: (value, at, scope) => storeAs(integer, numberOf, value, at, scope),
    fromInteger: raw => nameOf(integer.fromInteger(raw)),
    toInteger: (value, bits) => integer.toInteger(numberOf(value), bits),
  });
}

function unknownName(type: string, numbers: ReadonlyMap<string, unknown>, given: unknown): Error {
  const names = [...numbers.keys()];
  const more = names.length > 8 ? `, … (${names.length} in all)` : '';
  return unfit(type, `one of ${names.slice(0, 8).join(', ')}${more} or an integer`, given);
}
