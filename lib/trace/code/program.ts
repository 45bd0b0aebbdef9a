/** A program in its form, to lines of assembler: the program, and behind it what helpers call. */
import { type Form, reserved, type Step } from '../form/form.js';
import { FunctionWriter, slotOffset } from './function.js';
import { type Callback, fallsThrough, writeSteps } from './steps.js';
import { slotText } from './values.js';
import { type CodeLine, CodeWriter } from './writer.js';

/** Words that callbacks keep for what they are called with. */
const parameters = 4;

/**
 * Lines as `assemble()` takes them, but for maps, which stand as `map:NAME`. r6 is the context, r7 the memory of this
 * CPU, r9 the stack of the program, in callbacks too.
 */
export function programLines(form: Form): CodeLine[] {
  const code = new CodeWriter();
  const callbacks: Callback[] = [];
  code.span = form.span;
  const main = new FunctionWriter(code, false, form.slots);
  writeStart(main, form);
  writeSteps(main, form.steps, callbacks);
  writeEnd(code, form.steps);
  for (let at = 0; at < callbacks.length; at++) {
    const callback = callbacks[at];
    if (callback !== undefined) writeCallback(code, callback, callbacks);
  }
  return code.lines;
}

function writeStart({ code }: FunctionWriter, { frameMap, frameSize, slots }: Form): void {
  code.line('r6 = r1');
  code.line('r9 = r10');
  code.line('r0 = 0');
  for (let slot = 0; slot < slots; slot++) code.line(`${slotText(slot)} = r0`);
  if (frameSize > 0) {
    code.line(`r1 = map:${frameMap}`);
    code.line('r2 = r10');
    code.line(`r2 += ${slotOffset(reserved.leaving)}`);
    code.line('call bpf_map_lookup_elem');
    const found = code.newLabel();
    code.line(`if r0 != 0 goto ${found}`);
    code.line('exit');
    code.label(found);
    code.line('r7 = r0');
    code.line(`${slotText(reserved.frame)} = r7`);
  }
  code.line(`${slotText(reserved.context)} = r6`);
}

function writeCallback(
  code: CodeWriter,
  { label, body, contextArgument, span }: Callback,
  callbacks: Callback[],
): void {
  const writer = new FunctionWriter(code, true, parameters);
  code.span = span;
  code.label(label);
  for (let number = 1; number < contextArgument; number++)
    code.line(`*(u64 *)(r10 ${-8 * number}) = r${number}`);
  code.line(`r9 = r${contextArgument}`);
  code.line(`r6 = ${slotText(reserved.context)}`);
  code.line(`r7 = ${slotText(reserved.frame)}`);
  writer.jumps.push('callback');
  writeSteps(writer, body, callbacks);
  writeEnd(code, body);
}

function writeEnd(code: CodeWriter, steps: readonly Step[]): void {
  if (!fallsThrough(steps)) return;
  code.line('r0 = 0');
  code.line('exit');
}
