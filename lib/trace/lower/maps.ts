/** Maps of the script: lookups, updates, keys. */
import { compare, constant, helper, load, type Step, type Value } from '../form/form.js';
import type { MapExpression } from '../tree/tree.js';
import type { MapUse } from '../types/program.js';
import { isScalar, storageSize, type Type, uint64 } from '../types/type.js';
import { countLossOf } from './loss.js';
import type { Lowering } from './lowering.js';
import { store } from './store.js';

export function useOf(lowering: Lowering, { name }: Pick<MapExpression, 'name'>): MapUse {
  return lowering.program.maps.get(name) ?? { name, value: uint64 };
}

/** @throws BpfError where a map with keys is used without, or the other way round */
function requireKey(lowering: Lowering, given: MapExpression, use: MapUse): void {
  if ((given.key === undefined) === (use.key === undefined)) return;
  const reason =
    given.key === undefined ? `@${given.name} has keys: this one is missing` : `@${given.name} has no keys`;
  throw lowering.refuse(given, reason);
}

/** The address of the key, as the map has it. */
export function lowerKey(lowering: Lowering, given: MapExpression): Value {
  const use = useOf(lowering, given);
  requireKey(lowering, given, use);
  if (given.key === undefined || use.key === undefined) return lowering.zeroKey();
  const type = lowering.typing.valueType(given.key);
  const value = lowering.lower(given.key);
  return keyInMemory(lowering, value, type, use.key);
}

export function keyInMemory(lowering: Lowering, value: Value, type: Type, as: Type): Value {
  if (isScalar(as)) {
    const slot = lowering.slot();
    lowering.push({ op: 'set', slot, value });
    return { op: 'stack', slot };
  }
  const to = lowering.frame(storageSize(as));
  store(lowering, to, value, type, as);
  return to;
}

/** The address of the value, or 0. */
export function lookUp(lowering: Lowering, map: string, key: Value): Value {
  return lowering.pin(helper('map_lookup_elem', { op: 'map', name: map }, key));
}

/** The value; of a key that is not there what is all zero. */
export function lowerMap(lowering: Lowering, given: MapExpression): Value {
  const { value: type } = useOf(lowering, given);
  const key = lowerKey(lowering, given);
  const found = lookUp(lowering, given.name, key);
  if (isScalar(type)) {
    const slot = lowering.slot();
    lowering.push({ op: 'set', slot, value: constant(0) });
    const whenTrue: Step[] = [{ op: 'set', slot, value: load(found) }];
    lowering.push({ op: 'if', condition: compare('!=', found, 0), whenTrue, whenFalse: [] });
    return { op: 'local', slot };
  }
  const size = storageSize(type);
  const to = lowering.frame(size);
  const whenTrue: Step[] = [{ op: 'copy', to, from: found, size }];
  lowering.push({
    op: 'if',
    condition: compare('!=', found, 0),
    whenTrue,
    whenFalse: [{ op: 'zero', to, size }],
  });
  return to;
}

/** Puts a value into a map. */
export function assignMap(lowering: Lowering, given: MapExpression, value: Value, type: Type): void {
  const use = useOf(lowering, given);
  const { value: kept, next: key } = lowering.before(value, () => lowerKey(lowering, given));
  update(lowering, use, key, keyInMemory(lowering, kept, type, use.value));
}

/** `BPF_ANY`. */
function update(lowering: Lowering, use: MapUse, key: Value, value: Value): void {
  const call = helper('map_update_elem', { op: 'map', name: use.name }, key, value, 0);
  if (!canBeFull(use)) {
    lowering.push({ op: 'do', value: call });
    return;
  }
  const failed = compare('!=', lowering.pin(call), 0);
  lowering.push({ op: 'if', condition: failed, whenTrue: countLossOf(lowering, use.name), whenFalse: [] });
}

/** One without keys has room for its value, and a map of the least recently used makes some. */
export function canBeFull({ key, kind }: MapUse): boolean {
  return key !== undefined && !kind?.includes('lru');
}
