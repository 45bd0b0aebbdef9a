/**
 * Parts of BPF's instruction set (Documentation/bpf/standardization/instruction-set.rst): the first kernel of each,
 * and the smallest program that uses it. Pure data.
 */

import type { MapKindName } from './map-kinds.js';

/** As in `struct bpf_insn`. */
type ProbeInstruction = readonly [code: number, dst: number, src: number, off: number, imm: number];

/** One row of the table. */
export interface InstructionSetRow {
  /** The first release of Linux whose verifier takes it. */
  readonly since: string;
  readonly program: readonly ProbeInstruction[];
  /** A map whose descriptor goes into the first instruction. */
  readonly map?: ProbeMap;
  readonly config?: readonly string[];
}

/** The map that a program has to have. */
export interface ProbeMap {
  readonly kind: MapKindName;
  readonly extra?: bigint;
  /** Of its only entry; such a map is frozen. */
  readonly value?: readonly number[];
}

const zero: ProbeInstruction = [0xb7, 0, 0, 0, 0];
const one: ProbeInstruction = [0xb7, 1, 0, 0, 1];
/** The second half of an instruction with 64 bits. */
const rest: ProbeInstruction = [0, 0, 0, 0, 0];
const exit: ProbeInstruction = [0x95, 0, 0, 0, 0];
/** A word of the stack. */
const word: ProbeInstruction = [0x7a, 10, 0, -8, 0];

/** Versions are clang's `-mcpu`; the others came without one. */
export const instructionSets = {
  v1: { since: '3.19', program: [zero, exit] },
  /** Jumps if less. */
  v2: { since: '4.14', program: [zero, [0xa5, 0, 0, 1, 1], zero, exit] },
  /** Jumps on 32 bits. */
  v3: { since: '5.1', program: [zero, [0xa6, 0, 0, 1, 1], zero, exit] },
  /** Moves with sign, and what came along: byte swaps, signed division, far jumps. */
  v4: { since: '6.6', program: [zero, [0xbf, 0, 0, 8, 0], exit] },
  /** Functions of the program's own. */
  calls: { since: '4.16', program: [[0x85, 0, 1, 0, 1], exit, zero, exit] },
  /** More than 4096 instructions. */
  large_programs: { since: '5.2', program: [...Array<ProbeInstruction>(4100).fill(zero), exit] },
  bounded_loops: {
    since: '5.3',
    program: [[0xb7, 0, 0, 0, 9], [0x17, 0, 0, 0, 1], [0x55, 0, 0, -2, 0], exit],
  },
  /** Atomic operations that give the old value, exchange, compare and exchange. */
  atomics: { since: '5.12', program: [word, one, [0xdb, 10, 1, -8, 1], zero, exit] },
  /**
   * Loops without a bound, which end after 8,388,608 rounds (`BPF_MAX_LOOPS` in include/linux/bpf.h) or a quarter of
   * a second.
   */
  may_goto: { since: '6.9', program: [zero, [0xe5, 0, 0, 1, 0], zero, exit] },
  /** Pointers into an arena, from what they are to user space. */
  addr_space_cast: {
    since: '6.9',
    program: [[0x18, 2, 1, 0, 0], rest, one, [0xbf, 1, 1, 1, 1], zero, exit],
    map: { kind: 'arena', extra: 1n << 44n },
    config: ['BPF_JIT', 'MMU', '64BIT'],
  },
  load_acquire: { since: '6.15', program: [word, [0xdb, 0, 10, -8, 0x100], exit] },
  store_release: { since: '6.15', program: [one, [0xdb, 10, 1, -8, 0x110], zero, exit] },
  /** Jumps to where a register points: an instruction's address out of a table. */
  gotox: {
    since: '6.19',
    program: [[0x18, 1, 2, 0, 0], rest, [0x79, 1, 1, 0, 0], [0x0d, 1, 0, 0, 0], zero, exit],
    map: { kind: 'insn_array', value: [4, 0, 0, 0] },
    config: ['BPF_JIT'],
  },
} as const satisfies Readonly<Record<string, InstructionSetRow>>;

/** The name of a part of the instruction set, as `v4`. */
export type InstructionSetName = keyof typeof instructionSets;

/** A program as bytes of `struct bpf_insn`. */
export function bytesOf(program: readonly ProbeInstruction[], littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(program.length * 8));
  for (const [index, [code, dst, src, off, imm]] of program.entries()) {
    view.setUint8(index * 8, code);
    view.setUint8(index * 8 + 1, littleEndian ? dst | (src << 4) : (dst << 4) | src);
    view.setInt16(index * 8 + 2, off, littleEndian);
    view.setInt32(index * 8 + 4, imm, littleEndian);
  }
  return new Uint8Array(view.buffer);
}
