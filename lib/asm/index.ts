/** The door of the instruction room: from bytes to instructions and text, and back. */
export { type AsmValue, asm, assemble } from './assemble.js';
export type { AssembledProgram, InsnLine } from './assembled-object.js';
export { decodeInsns, encodeInsns, type Insn, type InsnFields, insn, insnLength } from './insn.js';
export type { InsnKind } from './insn-kind.js';
export { type InsnNames, insnTarget, insnText } from './insn-text.js';
