/** Aggregations: each CPU adds to a value of its own, and reading adds those up. */
import { compare, constant, helper, load, type Step, type Value } from '../form/form.js';
import type { CallExpression, MapExpression } from '../tree/tree.js';
import { type AggregateType, storageSize } from '../types/type.js';
import { addToHistogram, addToLinear } from './histograms.js';
import { countLossOf } from './loss.js';
import type { Lowering } from './lowering.js';
import { canBeFull, lowerKey, useOf } from './maps.js';

const noExist = 1;

/** `@x[key] = count()` and its like. */
export function aggregate(
  lowering: Lowering,
  target: MapExpression,
  call: CallExpression,
  type: AggregateType,
): void {
  const [given] = call.arguments;
  const value = given === undefined ? constant(1) : lowering.pin(lowering.lower(given));
  const found = slotOf(lowering, target, type);
  const whenTrue = lowering.capture(() => add(lowering, found, value, type));
  const isFull = canBeFull(useOf(lowering, target));
  const whenFalse = isFull ? countLossOf(lowering, target.name) : [];
  lowering.push({ op: 'if', condition: compare('!=', found, 0), whenTrue, whenFalse });
}

/** The address of this CPU's value, which is made where it is not there. */
function slotOf(lowering: Lowering, target: MapExpression, type: AggregateType): Value {
  const key = lowerKey(lowering, target);
  const slot = lowering.slot();
  const found: Value = { op: 'local', slot };
  const map: Value = { op: 'map', name: target.name };
  lowering.push({ op: 'set', slot, value: helper('map_lookup_elem', map, key) });
  const whenTrue = lowering.capture(() => {
    const size = storageSize(type);
    const fresh = lowering.frame(size);
    lowering.push({ op: 'zero', to: fresh, size });
    lowering.push({ op: 'do', value: helper('map_update_elem', map, key, fresh, noExist) });
    lowering.push({ op: 'set', slot, value: helper('map_lookup_elem', map, key) });
  });
  lowering.push({ op: 'if', condition: compare('==', found, 0), whenTrue, whenFalse: [] });
  return found;
}

function add(lowering: Lowering, to: Value, value: Value, type: AggregateType): void {
  switch (type.name) {
    case 'count':
    case 'sum':
      lowering.push({ op: 'add', to, offset: 0, value });
      break;
    case 'avg':
    case 'stats':
      lowering.push({ op: 'add', to, offset: 0, value });
      lowering.push({ op: 'add', to, offset: 8, value: constant(1) });
      break;
    case 'min':
    case 'max':
      addExtreme(lowering, to, value, type);
      break;
    case 'hist':
      addToHistogram(lowering, to, value, type);
      break;
    case 'lhist':
      addToLinear(lowering, to, value, type);
  }
}

/** The first value counts, whichever it is: a word behind it says that there is one. */
function addExtreme(lowering: Lowering, to: Value, value: Value, { name, signed }: AggregateType): void {
  const sign = signed ? 's' : '';
  const operator = `${sign}${name === 'min' ? '<' : '>'}` as 's<' | '<';
  const take: Step[] = [
    { op: 'store', to, offset: 0, size: 8, value },
    { op: 'store', to, offset: 8, size: 8, value: constant(1) },
  ];
  const isBetter: Step = {
    op: 'if',
    condition: compare(operator, value, load(to)),
    whenTrue: take,
    whenFalse: [],
  };
  lowering.push({
    op: 'if',
    condition: compare('==', load(to, 8), 0),
    whenTrue: take,
    whenFalse: [isBetter],
  });
}
