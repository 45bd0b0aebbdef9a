/** The parts of an opcode, by the kernel's names (`linux/bpf_common.h`, `linux/bpf.h`), and how its text writes them. */

/** Low three bits: `BPF_CLASS()`. */
export const classes = { ld: 0, ldx: 1, st: 2, stx: 3, alu: 4, jmp: 5, jmp32: 6, alu64: 7 } as const;

/** High three bits of loads and stores: `BPF_MODE()`. The last two share a number: one loads, the other stores. */
export const modes = { imm: 0x00, abs: 0x20, ind: 0x40, mem: 0x60, memsx: 0x80, nospec: 0xc0, atomic: 0xc0 };

/**
 * Modes of accesses that may fault, or that are of an arena, in loaded programs: `BPF_PROBE_*` in
 * include/linux/filter.h. Dumps of programs show some of them.
 */
export const probed = { mem: 0x20, memsx: 0x40, mem32: 0xa0, mem32sx: 0xc0, atomic: 0xe0 } as const;

/** `BPF_X`: the operand is a register; without it a constant. */
export const register = 0x08;

/** Widths of memory, by `BPF_SIZE()`, with the register's bits that they fill. */
export const widths: Readonly<Record<number, Width>> = { 0: 'u32', 8: 'u16', 16: 'u8', 24: 'u64' };

/** A C type of memory. */
export type Width = 'u8' | 'u16' | 'u32' | 'u64';

/** Arithmetic by `BPF_OP()`; what takes no second operand is apart. */
export const arithmetic: Readonly<Record<number, string>> = {
  0: '+=',
  16: '-=',
  32: '*=',
  48: '/=',
  64: '|=',
  80: '&=',
  96: '<<=',
  112: '>>=',
  144: '%=',
  160: '^=',
  176: '=',
  192: 's>>=',
};

/** Arithmetic of signed numbers: the same operations with an offset of 1. */
export const signedArithmetic: Readonly<Record<number, string>> = { 48: 's/=', 144: 's%=' };

/** `BPF_OP()` of arithmetic that the decoder asks about. */
export const alu = { div: 0x30, neg: 0x80, mod: 0x90, mov: 0xb0, end: 0xd0 } as const;

/** Conditions by `BPF_OP()`. */
export const conditions: Readonly<Record<number, string>> = {
  16: '==',
  32: '>',
  48: '>=',
  64: '&',
  80: '!=',
  96: 's>',
  112: 's>=',
  160: '<',
  176: '<=',
  192: 's<',
  208: 's<=',
};

/** `BPF_OP()` of jumps that are no comparison. */
export const jump = { always: 0x00, call: 0x80, exit: 0x90, maybe: 0xe0 } as const;

/** What an atomic instruction does, by its constant: in place, or giving the old value. */
export const atomics: Readonly<Record<number, string>> = {
  0: '+=',
  64: '|=',
  80: '&=',
  160: '^=',
  1: 'fetch_add',
  65: 'fetch_or',
  81: 'fetch_and',
  161: 'fetch_xor',
  225: 'xchg',
  241: 'cmpxchg',
  256: 'load_acquire',
  272: 'store_release',
};

/** `BPF_LD | BPF_IMM | BPF_DW`, the instruction of two slots. */
export const wide = 0x18;

/** Its meanings, by source register: `BPF_PSEUDO_*`. */
export const pointers = ['imm64', 'map', 'map_value', 'btf_id', 'func', 'map_idx', 'map_idx_value'] as const;

/** What `BPF_JMP | BPF_CALL` calls, by source register. */
export const callees = ['helper', 'subprogram', 'kfunc'] as const;
