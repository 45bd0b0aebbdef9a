/** What an instruction is: its opcode and, where that is not enough, its source register, offset or constant. */
import * as opcode from './opcode.js';

const { alu, classes, jump, modes, probed } = opcode;

/** The fields that tell. */
interface Told {
  readonly code: number;
  readonly src: number;
  readonly off: number;
  readonly imm: number;
}

/**
 * What an instruction is.
 *
 * `mov` also extends signs; `cast` moves a pointer between address spaces, `percpu` to this CPU's copy; `packet` reads a
 * packet the classic way; `imm64` and the names from `map` to `map_idx_value` are constants of two slots; `helper`,
 * `subprogram` and `kfunc` are calls.
 */
export type InsnKind =
  | 'alu'
  | 'neg'
  | 'endian'
  | 'mov'
  | 'cast'
  | 'percpu'
  | 'load'
  | 'store'
  | 'atomic'
  | 'packet'
  | (typeof opcode.pointers)[number]
  | (typeof opcode.callees)[number]
  | 'goto'
  | 'gotox'
  | 'may_goto'
  | 'if'
  | 'exit'
  | 'nospec'
  | 'unknown';

/** @internal `wide`: it has a second slot. */
export function kindOf(told: Told, wide: boolean): InsnKind {
  switch (told.code & 7) {
    case classes.ld:
      return loadKind(told, wide);
    case classes.alu:
    case classes.alu64:
      return arithmeticKind(told);
    case classes.jmp:
    case classes.jmp32:
      return jumpKind(told);
    default:
      return memoryKind(told);
  }
}

function loadKind({ code, src }: Told, wide: boolean): InsnKind {
  if (wide) return opcode.pointers[src] ?? 'unknown';
  const mode = code & 0xe0;
  const classic = mode === modes.abs || mode === modes.ind;
  return classic && sizeOf(code) !== 0x18 ? 'packet' : 'unknown';
}

function memoryKind({ code, imm }: Told): InsnKind {
  const [kind, mode] = [code & 7, code & 0xe0];
  if (kind === classes.ldx) {
    const signed = extendsSign(code) && sizeOf(code) !== 0x18;
    return signed || mode === modes.mem || mode === probed.mem || mode === probed.mem32 ? 'load' : 'unknown';
  }
  if (mode === modes.mem || mode === probed.mem32) return 'store';
  if (mode === probed.atomic && kind === classes.stx)
    return opcode.atomics[imm] === undefined ? 'unknown' : 'atomic';
  if (mode !== modes.atomic) return 'unknown';
  if (kind === classes.st) return 'nospec';
  return opcode.atomics[imm] === undefined ? 'unknown' : 'atomic';
}

function arithmeticKind({ code, off }: Told): InsnKind {
  const operation = code & 0xf0;
  if (operation === alu.neg) return 'neg';
  if (operation === alu.end) return 'endian';
  if (opcode.arithmetic[operation] === undefined) return 'unknown';
  if (operation !== alu.mov) return 'alu';
  const between = code === (classes.alu64 | alu.mov | opcode.register);
  if (between && off === 1) return 'cast';
  return between && off === -1 ? 'percpu' : 'mov';
}

function jumpKind({ code, src }: Told): InsnKind {
  const operation = code & 0xf0;
  if (opcode.conditions[operation] !== undefined) return 'if';
  const [long, withRegister] = [(code & 7) === classes.jmp32, (code & opcode.register) !== 0];
  if (operation === jump.always) {
    if (!withRegister) return 'goto';
    return long ? 'unknown' : 'gotox';
  }
  if (long || withRegister) return 'unknown';
  if (operation === jump.call) return opcode.callees[src] ?? 'unknown';
  if (operation === jump.exit) return 'exit';
  return src === 0 ? 'may_goto' : 'unknown';
}

/** Whether a load fills the rest of its register with the sign. */
export function extendsSign(code: number): boolean {
  const mode = code & 0xe0;
  const signed = mode === modes.memsx || mode === probed.memsx || mode === probed.mem32sx;
  return (code & 7) === classes.ldx && signed;
}

/** `BPF_SIZE()`. */
export function sizeOf(code: number): number {
  return code & 0x18;
}
