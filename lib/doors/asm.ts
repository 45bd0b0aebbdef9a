/** The public door `libbpf-ts/asm`: instructions from and to bytes and text. Pure: it runs on any operating system. */

export {
  type AsmValue,
  type AssembledProgram,
  asm,
  assemble,
  decodeInsns,
  encodeInsns,
  type Insn,
  type InsnFields,
  type InsnKind,
  type InsnLine,
  type InsnNames,
  insn,
  insnLength,
  insnTarget,
  insnText,
} from '../asm/index.js';
