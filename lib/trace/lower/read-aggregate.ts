/** What aggregations are by now, over all CPUs. */
import { binary, compare, constant, helper, load, type Step, type Value } from '../form/form.js';
import type { MapExpression } from '../tree/tree.js';
import type { AggregateType } from '../types/type.js';
import type { Lowering } from './lowering.js';
import { lowerKey, useOf } from './maps.js';

/** The number that an aggregation is by now, over all CPUs. */
export function readAggregate(lowering: Lowering, given: MapExpression): Value {
  const type = useOf(lowering, given).value as AggregateType;
  const key = lowerKey(lowering, given);
  return readOverCpus(lowering, given.name, key, type);
}

/** @since Linux 5.19 (bpf_map_lookup_percpu_elem() in kernel/bpf/helpers.c) */
export function readOverCpus(lowering: Lowering, map: string, key: Value, type: AggregateType): Value {
  const [total, count, cpu, place] = [lowering.slot(), lowering.slot(), lowering.slot(), lowering.slot()];
  for (const slot of [total, count, cpu]) lowering.push({ op: 'set', slot, value: constant(0) });
  const local = (slot: number): Value => ({ op: 'local', slot });
  const found = local(place);
  const body: Step[] = [
    {
      op: 'if',
      condition: compare('>=', local(cpu), lowering.typing.target.cpus ?? 1),
      whenTrue: [{ op: 'break' }],
      whenFalse: [],
    },
    {
      op: 'set',
      slot: place,
      value: helper('map_lookup_percpu_elem', { op: 'map', name: map }, key, local(cpu)),
    },
    {
      op: 'if',
      condition: compare('!=', found, 0),
      whenTrue: take(type, local(total), local(count), found),
      whenFalse: [],
    },
  ];
  lowering.push({ op: 'loop', body, next: [{ op: 'set', slot: cpu, value: binary('+', local(cpu), 1) }] });
  const isMean = type.name === 'avg' || type.name === 'stats';
  if (!isMean) return local(total);
  const mean = binary('s/', local(total), local(count));
  lowering.push({
    op: 'if',
    condition: compare('!=', local(count), 0),
    whenTrue: [{ op: 'set', slot: total, value: mean }],
    whenFalse: [],
  });
  return local(total);
}

function take({ name, signed }: AggregateType, total: Value, count: Value, found: Value): Step[] {
  const [slot, counter] = [total, count].map(each => (each as { slot: number }).slot) as [number, number];
  if (name !== 'min' && name !== 'max') {
    const sum: Step = { op: 'set', slot, value: binary('+', total, load(found)) };
    if (name === 'count' || name === 'sum') return [sum];
    return [sum, { op: 'set', slot: counter, value: binary('+', count, load(found, 8)) }];
  }
  const operator = `${signed ? 's' : ''}${name === 'min' ? '<' : '>'}` as '<';
  const put: Step[] = [
    { op: 'set', slot, value: load(found) },
    { op: 'set', slot: counter, value: constant(1) },
  ];
  const isBetter: Step = {
    op: 'if',
    condition: compare(operator, load(found), total),
    whenTrue: put,
    whenFalse: [],
  };
  const isFirst: Step = {
    op: 'if',
    condition: compare('==', count, 0),
    whenTrue: put,
    whenFalse: [isBetter],
  };
  return [{ op: 'if', condition: compare('!=', load(found, 8), 0), whenTrue: [isFirst], whenFalse: [] }];
}
