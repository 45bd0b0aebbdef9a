/** How the parts of a line become fields: of constants, arithmetic, conditions, calls and memory. */
import { helpers } from '../kinds/helpers.js';
import type { InsnFields } from './insn.js';
import * as opcode from './opcode.js';
import { bigOf, constantOf, distanceOf, Misfit, offsetOf, registerOf } from './operand.js';

/** What a line says; `label`: what it leads to, where that has a name. */
export interface Statement extends InsnFields {
  readonly label?: string | undefined;
}

/** What a pattern found. */
export type Groups = readonly (string | undefined)[];

const { classes, alu, jump, modes, register } = opcode;
const double = 0x18;

/** Widths by their C types. */
export const sizes: Readonly<Record<string, number>> = reversed(opcode.widths);
const operators = reversed(opcode.arithmetic);
const signedOperators = reversed(opcode.signedArithmetic);
const conditions = reversed(opcode.conditions);
const atomics = reversed(opcode.atomics);

/** In hexadecimal, with `ll`, and where 32 bits are not enough, it takes two slots; else it is extended by its sign. */
export function constant([dst, text = '', ll]: Groups): Statement {
  const value = bigOf(text);
  const small = value >= -0x8000_0000n && value <= 0x7fff_ffffn && !text.includes('x');
  if (small && ll === undefined)
    return { code: classes.alu64 | alu.mov, dst: registerOf(dst), imm: Number(value) };
  if (value < -(1n << 63n) || value >= 1n << 64n) throw new Misfit(`${text} does not fit into 64 bits`);
  const halves = { imm: Number(BigInt.asIntN(32, value)), next: Number(BigInt.asIntN(32, value >> 32n)) };
  return { code: opcode.wide, dst: registerOf(dst), ...halves };
}

export function arithmetic([dst, operator = '', src, imm]: Groups, line: string): Statement {
  const signed = signedOperators[operator];
  const operation = signed ?? operators[operator];
  if (operation === undefined) throw new Misfit(`there is no operator ${operator}`);
  const off = signed === undefined ? 0 : 1;
  const { bit, fields } = second(src, imm, line);
  return { code: widthOf(line) | operation | bit, dst: registerOf(dst), off, ...fields };
}

export function condition([dst, operator = '', src, imm, off, label]: Groups, line: string): Statement {
  const operation = conditions[operator];
  if (operation === undefined) throw new Misfit(`there is no comparison ${operator}`);
  const start = line.startsWith('if w') ? classes.jmp32 : classes.jmp;
  const { bit, fields } = second(src, imm, line);
  return { ...jumpTo(start | operation | bit, off, label), dst: registerOf(dst), ...fields };
}

export function call([callee = '']: Groups): Statement {
  const code = classes.jmp | jump.call;
  const [, distance] = /^(?:pc)?([+-]\d+)(?:#.*)?$/.exec(callee) ?? [];
  if (distance !== undefined) return { code, src: 1, imm: distanceOf(distance) };
  const [, kfunc] = /^kernel-function#(\d+)$/.exec(callee) ?? [];
  if (kfunc !== undefined) return { code, src: 2, imm: constantOf(kfunc) };
  const [, name = '', number] = /^([A-Za-z_.$][\w.$]*)?#?(-?\d+)?$/.exec(callee) ?? [];
  if (number !== undefined) return { code, imm: constantOf(number) };
  const helper = helpers.find(each => each.name === name || `bpf_${each.name}` === name);
  return helper === undefined ? { code, src: 1, label: name } : { code, imm: helper.id };
}

export function store(
  [lock, type, base, sign, off, operator = '', src, imm]: Groups,
  line: string,
): Statement {
  const place = placeOf([type, base, sign, off]);
  const at = { dst: place.base, off: place.off };
  if (lock !== undefined) {
    if (!operator.endsWith('=') || atomics[operator] === undefined || src === undefined)
      throw new Misfit(`there is no atomic ${operator}`);
    const code = classes.stx | modes.atomic | place.width;
    return { code, ...at, src: registerOf(src), imm: atomics[operator] ?? 0 };
  }
  if (operator !== '=')
    throw new Misfit(`memory is assigned with =, or changed by lock …, not with ${operator}`);
  const kind = src === undefined ? classes.st : classes.stx;
  return { code: kind | modes.mem | place.width, ...at, ...second(src, imm, line).fields };
}

export function exchange([result, name = '', type, base, sign, off, src]: Groups): Statement {
  const imm = atomics[name];
  if (imm === undefined || imm >= 0x100) throw new Misfit(`there is no atomic ${name}`);
  if (result !== (name === 'cmpxchg' ? '0' : src))
    throw new Misfit(`the old value goes into ${name === 'cmpxchg' ? 'r0' : `r${src}`}`);
  const place = placeOf([type, base, sign, off]);
  const code = classes.stx | modes.atomic | place.width;
  return { code, dst: place.base, src: registerOf(src), off: place.off, imm };
}

export function jumpTo(code: number, off: string | undefined, label: string | undefined): Statement {
  return { code, off: off === undefined ? 0 : offsetOf('', off), label };
}

/** A register, with the bit of the opcode that says so, or a constant. */
function second(src: string | undefined, imm: string | undefined, line: string) {
  if (src === undefined) return { bit: 0, fields: { imm: constantOf(imm) } };
  const letters = new Set(line.match(/\b[rw](?=\d)/g));
  if (letters.size > 1 && !line.includes('*(')) throw new Misfit('both registers are r…, or both are w…');
  return { bit: register, fields: { src: registerOf(src) } };
}

export function placeOf([type = '', base, sign, off]: Groups) {
  const width = sizes[type.replace('s', 'u')] ?? double;
  const signed = type.startsWith('s') && width !== double;
  return { width, signed, base: registerOf(base), off: offsetOf(sign, off) };
}

/** 64 bits, or 32 where the line begins with a `w` register. */
export function widthOf(line: string): number {
  return line.startsWith('w') ? classes.alu : classes.alu64;
}

function reversed(table: Readonly<Record<number, string>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(table).map(([number, text]) => [text, Number(number)]));
}
