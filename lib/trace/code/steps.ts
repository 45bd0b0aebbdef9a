/** Steps to instructions. */
import { reserved, type Step, type Value } from '../form/form.js';
import type { Span } from '../text/script.js';
import type { FunctionWriter } from './function.js';
import { writeAddElement, writeCopy, writeStore, writeZero } from './memory.js';
import { isSimple, slotText, writeJumpIfFalse, writePair, writeSimple, writeValue } from './values.js';

/** A function that a helper calls, to be written behind the program. */
export interface Callback {
  readonly label: string;
  readonly body: readonly Step[];
  /** Which of its arguments is what the program passes on. */
  readonly contextArgument: number;
  readonly span: Span | undefined;
}

export function writeSteps(writer: FunctionWriter, steps: readonly Step[], callbacks: Callback[]): void {
  for (const step of reachable(steps)) {
    if (step.op === 'at') writer.code.span = step.span;
    else writeStep(writer, step, callbacks);
  }
}

/** Those up to the first behind which nothing runs: the verifier refuses instructions that are never reached. */
function reachable(steps: readonly Step[]): readonly Step[] {
  const last = steps.findIndex(each => !fallsThrough([each]));
  return last < 0 ? steps : steps.slice(0, last + 1);
}

/** True where what stands behind them runs. */
export function fallsThrough(steps: readonly Step[]): boolean {
  return steps.every(step => {
    if (step.op === 'if') return fallsThrough(step.whenTrue) || fallsThrough(step.whenFalse);
    return step.op !== 'break' && step.op !== 'continue' && step.op !== 'leave';
  });
}

function writeStep(writer: FunctionWriter, step: Exclude<Step, { op: 'at' }>, callbacks: Callback[]): void {
  const { code } = writer;
  switch (step.op) {
    case 'set':
      writeValue(writer, step.value);
      code.line(`${slotText(step.slot)} = r0`);
      break;
    case 'do':
      writeValue(writer, step.value);
      break;
    case 'store':
      writeStore(writer, step.to, step.offset, step.size, step.value);
      break;
    case 'add':
      writePair(writer, step.to, step.value);
      code.line(`lock *(u64 *)(r0 +${step.offset}) += r1`);
      break;
    case 'add-element':
      writeAddElement(writer, step);
      break;
    case 'copy':
      writeCopy(writer, step.to, step.from, step.size);
      break;
    case 'zero':
      writeZero(writer, step.to, step.size);
      break;
    default:
      writeControl(writer, step, callbacks);
      break;
  }
}

type Control = Extract<Step, { op: 'if' | 'loop' | 'call-each' | 'break' | 'continue' | 'leave' }>;

function writeControl(writer: FunctionWriter, step: Control, callbacks: Callback[]): void {
  switch (step.op) {
    case 'if':
      writeIf(writer, step, callbacks);
      break;
    case 'loop':
      writeLoop(writer, step, callbacks);
      break;
    case 'call-each':
      writeCallEach(writer, step, callbacks);
      break;
    case 'leave':
      writeLeave(writer, step.value);
      break;
    default:
      writeJump(writer, step.op);
      break;
  }
}

function writeIf(
  writer: FunctionWriter,
  { condition, whenTrue, whenFalse }: Step & { op: 'if' },
  callbacks: Callback[],
): void {
  const { code } = writer;
  const [isFalse, done] = [code.newLabel(), code.newLabel()];
  writeJumpIfFalse(writer, condition, isFalse);
  writeSteps(writer, whenTrue, callbacks);
  const meets = whenFalse.length > 0 && fallsThrough(whenTrue);
  if (meets) code.line(`goto ${done}`);
  code.label(isFalse);
  writeSteps(writer, whenFalse, callbacks);
  if (meets) code.label(done);
}

function writeLoop(
  writer: FunctionWriter,
  { body, next }: Step & { op: 'loop' },
  callbacks: Callback[],
): void {
  const { code } = writer;
  const [start, onContinue, onBreak] = [code.newLabel(), code.newLabel(), code.newLabel()];
  code.label(start);
  writer.jumps.push({ onBreak, onContinue });
  writeSteps(writer, body, callbacks);
  writer.jumps.pop();
  code.label(onContinue);
  writeSteps(writer, next, callbacks);
  code.line(`goto ${start}`);
  code.label(onBreak);
}

function writeJump(writer: FunctionWriter, op: 'break' | 'continue'): void {
  const jumps = writer.jumps.at(-1);
  if (jumps !== undefined && jumps !== 'callback') {
    writer.code.line(`goto ${op === 'break' ? jumps.onBreak : jumps.onContinue}`);
    return;
  }
  writer.code.line(`r0 = ${op === 'break' ? 1 : 0}`);
  writer.code.line('exit');
}

/** A callback cannot end the program: it says so, and ends itself and the loop. */
function writeLeave(writer: FunctionWriter, value: Value): void {
  const { code } = writer;
  writeValue(writer, value);
  if (writer.isCallback) {
    code.line(`${slotText(reserved.result)} = r0`);
    code.line('r0 = 1');
    code.line(`${slotText(reserved.leaving)} = r0`);
  }
  code.line('exit');
}

function writeCallEach(
  writer: FunctionWriter,
  { over, body }: Step & { op: 'call-each' },
  callbacks: Callback[],
): void {
  const { code } = writer;
  const label = `each${callbacks.length}`;
  const isMap = 'map' in over;
  callbacks.push({ label, body, contextArgument: isMap ? 4 : 2, span: code.span });
  if (isMap) code.line(`r1 = map:${over.map}`);
  else if (isSimple(over.times)) writeSimple(writer, over.times, 'r1');
  else {
    writeValue(writer, over.times);
    code.line('r1 = r0');
  }
  code.line(`r2 = subprog[${label}]`);
  code.line('r3 = r9');
  code.line('r4 = 0');
  code.line(`call bpf_${isMap ? 'for_each_map_elem' : 'loop'}`);
  const goesOn = code.newLabel();
  code.line(`r0 = ${slotText(reserved.leaving)}`);
  code.line(`if r0 == 0 goto ${goesOn}`);
  code.line(`r0 = ${writer.isCallback ? '1' : slotText(reserved.result)}`);
  code.line('exit');
  code.label(goesOn);
}
