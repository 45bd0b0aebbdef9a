/** What libbpf tells of a program of an object, before and after load. */

import type { Insn } from '../asm/index.js';
import { littleEndian } from '../btf/byte-order.js';
import { type ProgramTypeName, programTypeName } from '../kinds/program-types.js';
import { check } from '../native/errno.js';
import { native, type ProgramHandle } from '../native/native.js';
import { instructions } from './parts.js';

/** libbpf's word for its type, as `xdp`; a number behind `unknown` where libbpf 1.7 has none. */
export function typeOf(program: ProgramHandle, operation: string): ProgramTypeName | `unknown ${number}` {
  return programTypeName(check(native().programType(program), operation));
}

/** Its instructions, as bpf_program__insns() in libbpf.c gives them by now. */
export function insnsOf(program: ProgramHandle, operation: string): Insn[] {
  const bytes = check(native().programInsns(program), operation) as Uint8Array;
  return instructions.now(operation).decodeInsns(bytes, littleEndian);
}
