/** C enums whose values are bits, as the list of those that are set. */
import { requireObject } from '../errors/arguments.js';
import { requireCodec, unfit } from './faults.js';
import { inline, storeAs } from './inline.js';
import type { Integer, IntegerCodec } from './make-scalar.js';

/**
 * An enum of flags as an array of names; bits without a name come last, as one integer.
 *
 * @param type - as `enum clone_flags`
 * @param integer - what it is stored as: `u32`, `u64`
 * @param values - each name's bits; names of several bits count when all of them are set
 */
export function flags<const Values extends Readonly<Record<string, N>>, N extends number | bigint>(
  type: string,
  integer: IntegerCodec<N>,
  values: Values,
): IntegerCodec<((keyof Values & string) | N)[]> {
  requireCodec('describe flags', integer);
  requireObject('describe flags', 'their values are an object', values);
  type Value = ((keyof Values & string) | N)[];
  const { size, signed, littleEndian, wide } = integer;
  const bits = BigInt(size * 8);
  const masks = new Map(
    Object.entries(values).map(([name, value]) => [name, BigInt.asUintN(size * 8, BigInt(value))]),
  );
  const wideFirst = [...masks].filter(([, mask]) => mask !== 0n).sort(([, a], [, b]) => ones(b) - ones(a));
  const order = new Map([...masks.keys()].map((name, i) => [name, i]));
  const toFlags = (raw: N): Value => {
    let rest = BigInt.asUintN(Number(bits), BigInt(raw));
    const set: string[] = [];
    for (const [name, mask] of wideFirst) {
      if ((rest & mask) !== mask) continue;
      set.push(name);
      rest &= ~mask;
    }
    set.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    return [...set, ...(rest === 0n ? [] : [wide ? rest : Number(rest)])] as Value;
  };
  const fromFlags = (value: Value): N => {
    if (!Array.isArray(value)) throw unfit(type, 'an array of flags', value);
    const all = value.reduce((sum, flag) => sum | maskOf(flag), 0n);
    const exact = signed ? BigInt.asIntN(Number(bits), all) : all;
    return (wide ? exact : Number(exact)) as N;
  };
  const maskOf = (flag: string | N): bigint => {
    const mask = typeof flag === 'string' ? masks.get(flag) : BigInt(flag);
    if (mask !== undefined) return BigInt.asUintN(Number(bits), mask);
    throw unfit(type, `flags of ${[...masks.keys()].slice(0, 8).join(', ')} or an integer`, flag);
  };
  return inline<Value, Integer<Value>>({
    type,
    size,
    signed,
    littleEndian,
    wide,
    source: (at, end, scope) => `${scope.constant(toFlags)}(${integer.source(at, end, scope)})`,
    take: (view, offset, end) => toFlags(integer.take(view, offset, end)),
    put: (view, offset, value) => integer.put(view, offset, fromFlags(value)),
    store: (value, at, scope) => storeAs(integer, fromFlags, value, at, scope),
    fromInteger: raw => toFlags(integer.fromInteger(raw)),
    toInteger: (value, width) => integer.toInteger(fromFlags(value), width),
  });
}

function ones(mask: bigint): number {
  return mask.toString(2).replaceAll('0', '').length;
}
