/** What found no room is counted, for each place of the script. */
import type { Loss } from '../actions.js';
import { compare, constant, helper, type Step } from '../form/form.js';
import type { Lowering } from './lowering.js';
import { lostMap } from './map-names.js';

/** Steps that count what the statement could not put into the map. */
export function countLossOf(lowering: Lowering, map: string): Step[] {
  return countLoss(lowering, { span: lowering.place, map });
}

/** Steps that count it, by its number. */
export function countLoss(lowering: Lowering, loss: Loss): Step[] {
  const number = lowering.losses.push(loss) - 1;
  return lowering.capture(() => {
    const slot = lowering.slot();
    lowering.push({ op: 'set', slot, value: constant(number) });
    const counter = lowering.pin(
      helper('map_lookup_elem', { op: 'map', name: lostMap }, { op: 'stack', slot }),
    );
    const whenTrue: Step[] = [{ op: 'add', to: counter, offset: 0, value: constant(1) }];
    lowering.push({ op: 'if', condition: compare('!=', counter, 0), whenTrue, whenFalse: [] });
  });
}
