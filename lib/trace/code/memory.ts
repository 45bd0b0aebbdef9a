/** Steps that change memory. */
import type { Size, Step, Value } from '../form/form.js';
import type { FunctionWriter } from './function.js';
import { writeCall, writePair, writeSimple, writeValue } from './values.js';

/** More is copied and cleared by a helper. */
const mostInline = 64;

export function writeStore(
  writer: FunctionWriter,
  to: Value,
  offset: number,
  size: Size,
  value: Value,
): void {
  const { code } = writer;
  if (to.op === 'frame') {
    writeValue(writer, value);
    code.line(`*(u${size * 8} *)(r7 +${to.offset + offset}) = r0`);
    return;
  }
  writePair(writer, to, value);
  code.line(`*(u${size * 8} *)(r0 +${offset}) = r1`);
}

/** The index is looked at in the register that it is used in: older verifiers forget what they know of the stack. */
export function writeAddElement(
  writer: FunctionWriter,
  { to, index, count, value }: Step & { op: 'add-element' },
): void {
  const { code } = writer;
  const outside = code.newLabel();
  writePair(writer, to, index);
  code.line(`if r1 >= ${count} goto ${outside}`);
  code.line('r1 <<= 3');
  code.line('r0 += r1');
  writeSimple(writer, value, 'r1');
  code.line('lock *(u64 *)(r0 +0) += r1');
  code.label(outside);
}

export function writeCopy(writer: FunctionWriter, to: Value, from: Value, size: number): void {
  if (size > mostInline || size % 8 !== 0) {
    writeCall(writer, 'probe_read_kernel', [to, { op: 'constant', value: BigInt(size) }, from]);
    return;
  }
  writePair(writer, to, from);
  for (let at = 0; at < size; at += 8) {
    writer.code.line(`r2 = *(u64 *)(r1 +${at})`);
    writer.code.line(`*(u64 *)(r0 +${at}) = r2`);
  }
}

/** Reading from nowhere fails, and clears what was to be written (bpf_probe_read_kernel_common() in kernel/trace/bpf_trace.c). */
export function writeZero(writer: FunctionWriter, to: Value, size: number): void {
  if (size > mostInline) {
    writeCall(writer, 'probe_read_kernel', [
      to,
      { op: 'constant', value: BigInt(size) },
      { op: 'constant', value: 0n },
    ]);
    return;
  }
  writeValue(writer, to);
  writer.code.line('r1 = 0');
  for (let at = 0; at < size; at += 8) writer.code.line(`*(u64 *)(r0 +${at}) = r1`);
}
