/** Loops, which the kernel bounds: their bodies are functions that it calls. */
import { binary, compare, constant, load, type Step, type Value } from '../form/form.js';
import type { ForStatement, Range, WhileStatement } from '../tree/tree.js';
import { isSignedNumber } from '../types/operators.js';
import { isScalar, storageSize, type TupleType, type Type, uint64 } from '../types/type.js';
import { assignVariable } from './assign.js';
import { lowerTruth } from './binary.js';
import type { Lowering } from './lowering.js';
import { useOf } from './maps.js';
import { readOverCpus } from './read-aggregate.js';
import { store } from './store.js';

/** `BPF_MAX_LOOPS` in include/linux/bpf.h. */
const mostRounds = 2 ** 23;

/** @since Linux 5.17 (bpf_loop() in kernel/bpf/bpf_iter.c) */
export function lowerWhile(lowering: Lowering, { condition, body }: WhileStatement): void {
  const steps = lowering.capture(() => {
    lowering.scoped(() => {
      const stop: Step[] = [{ op: 'break' }];
      lowering.push({
        op: 'if',
        condition: compare('==', lowerTruth(lowering, condition), 0),
        whenTrue: stop,
        whenFalse: [],
      });
    });
    lowering.lowerStatements(body);
  });
  lowering.push({ op: 'call-each', over: { times: constant(mostRounds) }, body: steps });
}

export function lowerFor(lowering: Lowering, given: ForStatement): void {
  if (given.over.kind === 'map') lowerForMap(lowering, given, given.over.name);
  else lowerForRange(lowering, given, given.over);
}

function lowerForRange(lowering: Lowering, given: ForStatement, over: Range): void {
  const first = lowering.pin(lowering.lower(over.first));
  const start = first.op === 'local' ? lowering.pin(binary('+', first, 0)) : first;
  const end = lowering.pin(lowering.lower(over.end));
  const type = lowering.variableType(given.variable);
  const signed = isSignedNumber(type);
  const body = lowering.capture(() => {
    assignVariable(lowering, given.variable, binary('+', start, { op: 'parameter', number: 1 }), uint64);
    lowering.lowerStatements(given.body);
  });
  const loop: Step = { op: 'call-each', over: { times: binary('-', end, start) }, body };
  lowering.push({
    op: 'if',
    condition: compare(signed ? 's<' : '<', start, end),
    whenTrue: [loop],
    whenFalse: [],
  });
}

/** @since Linux 5.13 (bpf_for_each_map_elem() in kernel/bpf/bpf_iter.c) */
function lowerForMap(lowering: Lowering, given: ForStatement, map: string): void {
  const use = useOf(lowering, { name: map });
  const type = lowering.variableType(given.variable) as TupleType;
  const [keyType = uint64, valueType = uint64] = type.items;
  const to = lowering.variable(given.variable);
  if (to.op !== 'frame') return;
  const value: Value = { op: 'frame', offset: to.offset + storageSize(keyType) };
  const body = lowering.capture(() => {
    copyFrom(lowering, to, 2, keyType);
    if (use.value.kind === 'aggregate') {
      const total = lowering.scoped(() => readOverCpus(lowering, map, to, use.value as never));
      lowering.push({ op: 'store', to: value, offset: 0, size: 8, value: total });
    } else copyFrom(lowering, value, 3, valueType);
    lowering.lowerStatements(given.body);
  });
  lowering.push({ op: 'call-each', over: { map }, body });
}

function copyFrom(lowering: Lowering, to: Value, number: number, type: Type): void {
  const from: Value = { op: 'parameter', number };
  store(lowering, to, isScalar(type) ? load(from) : from, type, type);
}
