/** An instruction as the verifier and bpftool write it. */
import { argumentError, requireObject, shown } from '../errors/arguments.js';
import { helpers } from '../kinds/helpers.js';
import type { Insn } from './insn.js';
import { extendsSign, sizeOf } from './insn-kind.js';
import * as opcode from './opcode.js';

/** Names for what instructions have numbers of. What is not answered is written as its number. */
export interface InsnNames {
  /** Of a `helper` or `kfunc`: its name; of a `subprogram`: what stands behind `pc`, as `+3#check`. */
  readonly call?: (insn: Insn) => string | undefined;
  /** Of a constant of 64 bits, as `map[id:7]`. */
  readonly constant?: (insn: Insn) => string | undefined;
}

/**
 * The text of an instruction, as the verifier's log and `bpftool prog dump xlated` have it behind the opcode
 * (print_bpf_insn() in kernel/bpf/disasm.c). What only the kernel writes, accesses of an arena and loads that may
 * fault, reads as what it does; bpftool has `BUG_fb` there.
 *
 * @example
 * ```ts
 * const lines = decodeInsns(bytes).map(each => `${each.index}: ${insnText(each)}`);
 * ```
 */
export function insnText(insn: Insn, names: InsnNames = {}): string {
  if (!Object.hasOwn(writers, insn?.kind ?? ''))
    throw argumentError('print an instruction', `it is none: ${shown(insn)}`);
  const write = writers[insn.kind];
  return write(insn, names);
}

/**
 * Where a `goto`, `if`, `may_goto`, a subprogram's call or its address leads, as an index of the program that the
 * instruction is in; undefined for others. In loaded programs only jumps keep it.
 */
export function insnTarget(insn: Insn): number | undefined {
  requireObject('find a target', 'an instruction is an object', insn);
  const { kind, index, code, off, imm } = insn;
  switch (kind) {
    case 'subprogram':
    case 'func':
      return index + 1 + imm;
    case 'goto':
      return index + 1 + (isLong(code) ? imm : off);
    case 'if':
    case 'may_goto':
      return index + 1 + off;
    default:
      return undefined;
  }
}

type Writer = (insn: Insn, names: InsnNames) => string;

const constant: Writer = (insn, names) => `r${insn.dst} = ${names.constant?.(insn) ?? constantText(insn)}`;

const writers: Readonly<Record<Insn['kind'], Writer>> = {
  alu: ({ code, dst, src, off, imm }) => {
    const operator = signed(code & 0xf0, off) ?? opcode.arithmetic[code & 0xf0];
    return `${reg(code, dst)} ${operator} ${operand(code, src, imm)}`;
  },
  mov: ({ code, dst, src, off, imm }) =>
    `${reg(code, dst)} = ${extension(code, off)}${operand(code, src, imm)}`,
  neg: ({ code, dst }) => `${reg(code, dst)} = -${reg(code, dst)}`,
  endian: ({ code, dst, imm }) => `r${dst} = ${swap(code)}${imm} r${dst}`,
  cast: ({ dst, src, imm }) => `r${dst} = addr_space_cast(r${src}, ${imm >>> 16}, ${imm & 0xffff})`,
  percpu: ({ dst, src }) => `r${dst} = &(void __percpu *)(r${src})`,
  load: insn => `r${insn.dst} = ${memory(insn, insn.src)}`,
  store: insn => {
    const stored = (insn.code & 7) === opcode.classes.stx ? `r${insn.src}` : `${insn.imm}`;
    return `${memory(insn, insn.dst)} = ${stored}`;
  },
  atomic: insn => atomicText(insn),
  packet: ({ code, src, imm }) => {
    const at = (code & 0xe0) === opcode.modes.ind ? `r${src} + ${imm}` : `${imm}`;
    return `r0 = *(${opcode.widths[sizeOf(code)]} *)skb[${at}]`;
  },
  imm64: constant,
  map: constant,
  map_value: constant,
  btf_id: constant,
  func: constant,
  map_idx: constant,
  map_idx_value: constant,
  goto: ({ code, off, imm }) => (isLong(code) ? `gotol pc${plus(imm)}` : `goto pc${plus(off)}`),
  gotox: ({ dst }) => `gotox r${dst}`,
  may_goto: ({ off }) => `may_goto pc${plus(off)}`,
  if: ({ code, dst, src, off, imm }) => {
    const other = withRegister(code) ? jumpReg(code, src) : `0x${hex(imm)}`;
    return `if ${jumpReg(code, dst)} ${opcode.conditions[code & 0xf0]} ${other} goto pc${plus(off)}`;
  },
  helper: (insn, names) => `call ${names.call?.(insn) ?? helperName(insn.imm)}#${insn.imm}`,
  kfunc: (insn, names) => `call ${names.call?.(insn) ?? 'kernel-function'}#${insn.imm}`,
  subprogram: (insn, names) => `call pc${names.call?.(insn) ?? plus(insn.imm)}`,
  exit: () => 'exit',
  nospec: () => 'nospec',
  unknown: ({ code }) => `unknown opcode 0x${hex(code)}`,
};

function atomicText(insn: Insn): string {
  const { code, dst, src, imm } = insn;
  const what = opcode.atomics[imm] ?? '';
  const at = memory(insn, imm === 0x100 ? src : dst).slice(1);
  const name = `atomic${sizeOf(code) === 0x18 ? '64' : ''}_${what}`;
  if (what === 'load_acquire') return `r${dst} = load_acquire(${at})`;
  if (what === 'store_release') return `store_release(${at}, r${src})`;
  if (what === 'cmpxchg') return `r0 = ${name}(${at}, r0, r${src})`;
  return what.endsWith('=') ? `lock *${at} ${what} r${src}` : `r${src} = ${name}(${at}, r${src})`;
}

/** `*(u32 *)(r1 +4)`; sign-extending loads say `s32`. */
function memory({ code, off }: Insn, base: number): string {
  const width = opcode.widths[sizeOf(code)] ?? '';
  return `*(${extendsSign(code) ? width.replace('u', 's') : width} *)(r${base} ${plus(off)})`;
}

function constantText({ kind, imm, next = 0 }: Insn): string {
  switch (kind) {
    case 'map':
      return `map[fd:${imm}]`;
    case 'map_value':
      return `map[fd:${imm}][0]+${next}`;
    case 'map_idx':
      return `map[idx:${imm}]`;
    case 'map_idx_value':
      return `map[idx:${imm}]+${next}`;
    case 'btf_id':
      return `btf[id:${imm}]${next === 0 ? '' : `+${next}`}`;
    case 'func':
      return `subprog[${plus(imm)}]`;
    default:
      return `0x${((BigInt(next >>> 0) << 32n) | BigInt(imm >>> 0)).toString(16)}`;
  }
}

function helperName(id: number): string {
  const row = helpers[id - 1];
  return row === undefined ? 'unknown' : `bpf_${row.name}`;
}

function signed(operation: number, off: number): string | undefined {
  return off === 1 ? opcode.signedArithmetic[operation] : undefined;
}

function extension(code: number, off: number): string {
  return withRegister(code) && (off === 8 || off === 16 || off === 32) ? `(s${off})` : '';
}

function swap(code: number): string {
  if ((code & 7) === opcode.classes.alu64) return 'bswap';
  return withRegister(code) ? 'be' : 'le';
}

function operand(code: number, src: number, imm: number): string {
  return withRegister(code) ? reg(code, src) : `${imm}`;
}

/** `w1` for the lower half alone. */
function reg(code: number, number: number): string {
  return `${(code & 7) === opcode.classes.alu ? 'w' : 'r'}${number}`;
}

function jumpReg(code: number, number: number): string {
  return `${isLong(code) ? 'w' : 'r'}${number}`;
}

function withRegister(code: number): boolean {
  return (code & opcode.register) !== 0;
}

/** `BPF_JMP32`: of conditions the lower half, of `goto` a distance of 32 bits. */
function isLong(code: number): boolean {
  return (code & 7) === opcode.classes.jmp32;
}

function plus(number: number): string {
  return number < 0 ? `${number}` : `+${number}`;
}

function hex(number: number): string {
  return (number >>> 0).toString(16);
}
