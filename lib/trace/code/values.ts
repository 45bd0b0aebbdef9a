/** Values to instructions: each comes into r0; what is simple, into any register. r6 to r9 keep what they have. */
import type { Comparison, Size, Value } from '../form/form.js';
import { writeDivision } from './division.js';
import { type FunctionWriter, slotOffset } from './function.js';

const int32 = (value: bigint) => value >= -0x8000_0000n && value <= 0x7fff_ffffn;
const simple = new Set(['constant', 'local', 'stack', 'frame', 'context', 'map', 'parameter']);

export function isSimple(value: Value): boolean {
  return simple.has(value.op);
}

/** Into that register, touching no other. */
export function writeSimple({ code }: FunctionWriter, value: Value, register: string): void {
  switch (value.op) {
    case 'constant':
      code.line(`${register} = ${value.value}${int32(value.value) ? '' : ' ll'}`);
      break;
    case 'local':
      code.line(`${register} = ${slotText(value.slot)}`);
      break;
    case 'stack':
      writeSum(code, register, 'r9', slotOffset(value.slot));
      break;
    case 'frame':
      writeSum(code, register, 'r7', value.offset);
      break;
    case 'context':
      code.line(`${register} = r6`);
      break;
    case 'map':
      code.line(`${register} = map:${value.name}`);
      break;
    case 'parameter':
      code.line(`${register} = *(u64 *)(r10 ${-8 * value.number})`);
      break;
    default:
      throw new Error(`${value.op} is not simple`);
  }
}

function writeSum(code: FunctionWriter['code'], register: string, base: string, offset: number): void {
  code.line(`${register} = ${base}`);
  if (offset !== 0) code.line(`${register} += ${offset}`);
}

export function slotText(slot: number): string {
  return `*(u64 *)(r9 ${slotOffset(slot)})`;
}

/** Into r0. */
export function writeValue(writer: FunctionWriter, value: Value): void {
  switch (value.op) {
    case 'load':
      writeLoad(writer, value);
      break;
    case 'binary':
      writeBinary(writer, value);
      break;
    case 'compare':
      writeTruth(writer, value);
      break;
    case 'extend':
      writeValue(writer, value.of);
      writeExtension(writer, value.size, value.signed);
      break;
    case 'helper':
      writeCall(writer, value.name, value.arguments);
      break;
    default:
      writeSimple(writer, value, 'r0');
  }
}

function writeLoad(writer: FunctionWriter, { from, offset, size, signed }: Value & { op: 'load' }): void {
  const { code } = writer;
  if (from.op === 'frame') code.line(`r0 = *(u${size * 8} *)(r7 +${from.offset + offset})`);
  else if (from.op === 'context') code.line(`r0 = *(u${size * 8} *)(r6 +${offset})`);
  else {
    writeValue(writer, from);
    code.line(`r0 = *(u${size * 8} *)(r0 +${offset})`);
  }
  if (signed && size < 8) writeExtension(writer, size, true);
}

function writeExtension({ code }: FunctionWriter, size: Size, signed: boolean): void {
  if (size === 8) return;
  code.line(`r0 <<= ${64 - size * 8}`);
  code.line(`r0 ${signed ? 's>>=' : '>>='} ${64 - size * 8}`);
}

/** The left value into r0, the right one into r1. */
export function writePair(writer: FunctionWriter, left: Value, right: Value): void {
  if (isSimple(right)) {
    writeValue(writer, left);
    writeSimple(writer, right, 'r1');
    return;
  }
  writeValue(writer, left);
  const place = writer.temporary();
  writer.code.line(`*(u64 *)(r10 ${place}) = r0`);
  writeValue(writer, right);
  writer.code.line('r1 = r0');
  writer.code.line(`r0 = *(u64 *)(r10 ${place})`);
  writer.release();
}

function writeBinary(writer: FunctionWriter, { operator, left, right }: Value & { op: 'binary' }): void {
  const { code } = writer;
  const isDivision = operator.endsWith('/') || operator.endsWith('%');
  if (right.op === 'constant' && int32(right.value) && !isDivision) {
    writeValue(writer, left);
    const shifts = operator.endsWith('<<') || operator.endsWith('>>');
    code.line(`r0 ${operator}= ${shifts ? right.value & 63n : right.value}`);
    return;
  }
  writePair(writer, left, right);
  if (isDivision) writeDivision(writer, operator as '/' | '%' | 's/' | 's%');
  else code.line(`r0 ${operator}= r1`);
}

function writeTruth(writer: FunctionWriter, value: Value): void {
  const { code } = writer;
  const [isFalse, done] = [code.newLabel(), code.newLabel()];
  writeJumpIfFalse(writer, value, isFalse);
  code.line('r0 = 1');
  code.line(`goto ${done}`);
  code.label(isFalse);
  code.line('r0 = 0');
  code.label(done);
}

const opposites: Readonly<Record<Comparison, Comparison>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  's<': 's>=',
  's<=': 's>',
  's>': 's<=',
  's>=': 's<',
};

/** Jumps where the value is 0. */
export function writeJumpIfFalse(writer: FunctionWriter, value: Value, label: string): void {
  if (value.op !== 'compare') {
    writeValue(writer, value);
    writer.code.line(`if r0 == 0 goto ${label}`);
    return;
  }
  const { operator, left, right } = value;
  const opposite = opposites[operator];
  if (right.op === 'constant' && int32(right.value)) {
    writeValue(writer, left);
    writer.code.line(`if r0 ${opposite} ${right.value} goto ${label}`);
    return;
  }
  writePair(writer, left, right);
  writer.code.line(`if r0 ${opposite} r1 goto ${label}`);
}

/** What is not simple is computed first and waits on the stack, for a call changes r0 to r5. */
export function writeCall(writer: FunctionWriter, name: string, list: readonly Value[]): void {
  const { code } = writer;
  const waiting = list.map(each => {
    if (isSimple(each)) return undefined;
    writeValue(writer, each);
    const place = writer.temporary();
    code.line(`*(u64 *)(r10 ${place}) = r0`);
    return place;
  });
  for (const [at, each] of list.entries()) {
    const place = waiting[at];
    if (place === undefined) writeSimple(writer, each, `r${at + 1}`);
    else code.line(`r${at + 1} = *(u64 *)(r10 ${place})`);
  }
  for (const place of waiting) if (place !== undefined) writer.release();
  code.line(`call bpf_${name}`);
}
