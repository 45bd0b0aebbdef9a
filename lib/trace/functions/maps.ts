/** Functions of maps. */
import { binary, compare, constant, helper, load, type Step, type Value } from '../form/form.js';
import { assignVariable, scalarOr } from '../lower/assign.js';
import type { Lowering } from '../lower/lowering.js';
import { lookUp, lowerKey, useOf } from '../lower/maps.js';
import type { CallExpression, MapExpression } from '../tree/tree.js';
import { bool, none, type Type, uint64 } from '../types/type.js';
import type { Typing } from '../types/typing.js';
import type { FunctionRow } from './row.js';
import { argumentAt } from './time.js';

export const mapFunctions: readonly FunctionRow[] = [
  { name: 'delete', takes: [1, 2], type: keyed(bool), lower: lowerDelete },
  { name: 'has_key', takes: [2, 2], type: keyed(bool), lower: lowerHasKey },
  { name: 'find', takes: [3, 3], type: findType, lower: lowerFind },
  { name: 'len', takes: [1, 1], type: lenType, lower: lowerLen },
  { name: 'clear', takes: [1, 1], type: wholeMap, lower: control('clear') },
  { name: 'zero', takes: [1, 1], type: wholeMap, lower: control('zero') },
];

function mapArgument(call: CallExpression, typing: Pick<Typing, 'refuse'>): MapExpression {
  const [map] = call.arguments;
  if (map?.kind === 'map') return map;
  throw typing.refuse(map ?? call, `${call.name} takes a map, as @x`);
}

/** The key is the second argument, or stands in the map's brackets as it did. */
function keyOf(call: CallExpression, map: MapExpression): MapExpression {
  const [, key] = call.arguments;
  return key === undefined ? map : { ...map, key };
}

function keyed(type: Type): FunctionRow['type'] {
  return (call, typing) => {
    typing.use(keyOf(call, mapArgument(call, typing)));
    return type;
  };
}

function wholeMap(call: CallExpression, typing: Typing): Type {
  const map = mapArgument(call, typing);
  if (map.key !== undefined)
    throw typing.refuse(map, `${call.name} takes a whole map`, `write ${call.name}(@${map.name})`);
  typing.use(map);
  return none;
}

function lowerDelete(call: CallExpression, lowering: Lowering): Value {
  const given = keyOf(call, mapArgument(call, lowering));
  const key = lowerKey(lowering, given);
  return compare('==', lowering.pin(helper('map_delete_elem', { op: 'map', name: given.name }, key)), 0);
}

function lowerHasKey(call: CallExpression, lowering: Lowering): Value {
  const given = keyOf(call, mapArgument(call, lowering));
  if (useOf(lowering, given).key === undefined) throw lowering.refuse(call, `@${given.name} has no keys`);
  return compare('!=', lookUp(lowering, given.name, lowerKey(lowering, given)), 0);
}

/** The variable gets what the key has; it stays as it is where the key is not there. */
function findType(call: CallExpression, typing: Typing): Type {
  const use = typing.use(keyOf(call, mapArgument(call, typing)));
  const target = argumentAt(call, 2);
  if (target.kind !== 'variable')
    throw typing.refuse(target, 'find puts what it finds into a variable, as $x');
  if (use.value.kind === 'aggregate') throw typing.refuse(call, 'find does not look into aggregations');
  if (use.value.kind !== 'unknown') typing.assignVariable(target.name, use.value, target);
  return bool;
}

function lowerFind(call: CallExpression, lowering: Lowering): Value {
  const given = keyOf(call, mapArgument(call, lowering));
  const target = argumentAt(call, 2);
  const { value: type } = useOf(lowering, given);
  const found = lookUp(lowering, given.name, lowerKey(lowering, given));
  const whenTrue = lowering.capture(() => {
    if (target.kind === 'variable') assignVariable(lowering, target.name, scalarOr(found, type), type);
  });
  lowering.push({ op: 'if', condition: compare('!=', found, 0), whenTrue, whenFalse: [] });
  return compare('!=', found, 0);
}

function lenType(call: CallExpression, typing: Typing): Type {
  const [given] = call.arguments;
  if (given?.kind === 'map' && given.key === undefined) typing.use(given);
  else typing.typeOf(argumentAt(call, 0));
  return uint64;
}

/** Elements are counted one by one; of a stack its bytes say how many frames it has. */
function lowerLen(call: CallExpression, lowering: Lowering): Value {
  const [given] = call.arguments;
  if (given?.kind !== 'map' || given.key !== undefined) {
    const type = given && lowering.type(given);
    if (type?.kind === 'kstack' || type?.kind === 'ustack')
      return binary('>>', load(lowering.pin(lowering.lower(given as never)), 8), 3);
    throw lowering.refuse(call, 'len takes a map or a stack');
  }
  // In memory, for the verifier would follow each number that a word of the stack may be.
  const count = lowering.frame(8);
  const put = (value: Value): Step => ({ op: 'store', to: count, offset: 0, size: 8, value });
  lowering.push(put(constant(0)));
  lowering.push({ op: 'call-each', over: { map: given.name }, body: [put(binary('+', load(count), 1))] });
  return lowering.pin(load(count));
}

/** What the process does with the whole map. */
function control(kind: 'clear' | 'zero'): FunctionRow['lower'] {
  return (call, lowering) => {
    const record = lowering.frame(8);
    const { name } = mapArgument(call, lowering);
    lowering.emit({ kind, map: name, values: [], span: call }, record, 8);
    return constant(0);
  };
}
