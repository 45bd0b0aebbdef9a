/** `struct bpf_insn` (include/uapi/linux/bpf.h) from bytes and back, without loss whatever the bytes are. */
import { requireBytes, requireList, requireObject } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import { type InsnKind, kindOf } from './insn-kind.js';
import { wide } from './opcode.js';

/** `struct bpf_insn`; a 64-bit constant takes two of them, and is one here. */
export interface Insn {
  /** What it is, told from the fields below. */
  readonly kind: InsnKind;
  /** Its place in the program, in slots of 8 bytes: what offsets of jumps and source lines count in. */
  readonly index: number;
  /** The opcode. */
  readonly code: number;
  /** `dst_reg`: 0 to 10, where it is one. */
  readonly dst: number;
  /** `src_reg`, or what the constant means: `BPF_PSEUDO_*`. */
  readonly src: number;
  /** Signed, 16 bits. */
  readonly off: number;
  /** Signed, 32 bits. */
  readonly imm: number;
  /** The constant of the second slot, signed: the upper half of 64 bits, or an offset into a map's value. */
  readonly next?: number;
}

/** The fields of an instruction that are not told from others. */
export type InsnFields = Partial<Omit<Insn, 'kind'>>;

const slot = 8;

/** An instruction of these fields; those that are missing are 0. */
export function insn(given: InsnFields): Insn {
  requireObject('make an instruction', 'its fields are an object', given);
  const { index = 0, code = 0, dst = 0, src = 0, off = 0, imm = 0, next } = given;
  const fields = { index, code, dst, src, off, imm };
  const kind = kindOf(fields, next !== undefined);
  return next === undefined ? { kind, ...fields } : { kind, ...fields, next };
}

/** How many slots it takes: 1 or 2. */
export function insnLength(insn: Pick<Insn, 'next'>): number {
  requireObject('count slots', 'an instruction is an object', insn);
  return insn.next === undefined ? 1 : 2;
}

/**
 * Reads instructions. An opcode of no kernel is `unknown`, and is written back as it was.
 *
 * @param littleEndian - the byte order of the object that they come from
 * @throws BpfError `ERR_BPF_VALUE` where the bytes are no whole number of instructions
 *
 * @example
 * ```ts
 * const [first] = decodeInsns(Uint8Array.of(0xb7, 0, 0, 0, 2, 0, 0, 0));
 * if (first !== undefined) console.log(insnText(first)); // r0 = 2
 * ```
 */
export function decodeInsns(bytes: Uint8Array, littleEndian = true): Insn[] {
  requireBytes('decode instructions', 'what is decoded', bytes);
  if (bytes.length % slot !== 0) throw notWhole(bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Insn[] = [];
  for (let index = 0; index * slot < bytes.length; ) {
    const each = read(view, index, littleEndian);
    found.push(each);
    index += insnLength(each);
  }
  return found;
}

/** Writes instructions one behind the other; their `index` is not looked at. */
export function encodeInsns(insns: readonly Insn[], littleEndian = true): Uint8Array {
  requireList('encode instructions', 'what is encoded', insns);
  for (const each of insns) requireObject('encode instructions', 'an instruction is an object', each);
  const slots = insns.reduce((sum, each) => sum + insnLength(each), 0);
  const bytes = new Uint8Array(slots * slot);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const each of insns) {
    write(view, at, each, littleEndian);
    at += insnLength(each) * slot;
  }
  return bytes;
}

function read(view: DataView, index: number, littleEndian: boolean): Insn {
  const at = index * slot;
  const [low, high] = nibbles(view.getUint8(at + 1));
  return insn({
    index,
    code: view.getUint8(at),
    dst: littleEndian ? low : high,
    src: littleEndian ? high : low,
    off: view.getInt16(at + 2, littleEndian),
    imm: view.getInt32(at + 4, littleEndian),
    ...secondSlot(view, at, littleEndian),
  });
}

/** Nothing but a constant may stand in it; where something does, the two are left apart. */
function secondSlot(view: DataView, at: number, littleEndian: boolean): { next?: number } {
  const second = at + slot;
  if (view.getUint8(at) !== wide || second + slot > view.byteLength || view.getUint32(second) !== 0)
    return {};
  return { next: view.getInt32(second + 4, littleEndian) };
}

function write(view: DataView, at: number, each: Insn, littleEndian: boolean): void {
  const { code, dst, src, off, imm, next } = each;
  view.setUint8(at, code);
  view.setUint8(at + 1, littleEndian ? (src << 4) | dst : (dst << 4) | src);
  view.setInt16(at + 2, off, littleEndian);
  view.setInt32(at + 4, imm, littleEndian);
  if (next !== undefined) view.setInt32(at + slot + 4, next, littleEndian);
}

function nibbles(byte: number): readonly [low: number, high: number] {
  return [byte & 15, byte >> 4];
}

function notWhole(length: number): BpfError {
  const reason = `${length} bytes are no whole number of instructions of ${slot} bytes`;
  return new BpfError({ code: 'ERR_BPF_VALUE', operation: 'decode instructions', reason });
}
