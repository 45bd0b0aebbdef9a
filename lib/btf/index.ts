/** The door of the BTF room: ELF files and the types in them. */
export { requireBpfObject, requireHostByteOrder } from './bpf-object.js';
export { Btf } from './btf.js';
export {
  type BtfExt,
  type FunctionInfo,
  type InsnPlace,
  type LineInfo,
  type Relocation,
  type RelocationKind,
  readBtfExt,
  relocationKinds,
} from './btf-ext.js';
export { BtfBuilder, type BtfBuilderOptions } from './builder.js';
export { littleEndian } from './byte-order.js';
export { kfuncsC } from './c/kfuncs.js';
export { type CMember, CType } from './c-type.js';
export { type BtfDifference, diffBtf } from './difference.js';
export { Elf } from './elf.js';
export { type ElfSection, executable, type PartialFile, sectionTypes } from './elf-section.js';
export { type ElfSegment, loadSegments } from './elf-segments.js';
export { type ElfSymbol, symbolTypes } from './elf-symbols.js';
export { type ElfFunction, matchingFunctions } from './find-functions.js';
export { minimalBtf } from './minimal.js';
export type { NewBtf, NewBtfMember, NewBtfStruct, NewBtfType } from './new-type.js';
export { readElf } from './read-elf.js';
export { screenLinked } from './screen/linked.js';
export { screenObject } from './screen/object.js';
export { unshared } from './screen/remembered.js';
export { screenTypes } from './screen/types.js';
export {
  type BtfArray,
  type BtfCommon,
  type BtfDatasec,
  type BtfDeclTag,
  type BtfEnum,
  type BtfFloat,
  type BtfFunc,
  type BtfFuncProto,
  type BtfFwd,
  type BtfInt,
  type BtfKind,
  type BtfLinkage,
  type BtfMember,
  type BtfReference,
  type BtfStruct,
  type BtfType,
  type BtfUnknown,
  type BtfVar,
  type BtfVoid,
  btfKinds,
  isCutEnum,
} from './type.js';
export { variablesIn } from './variables.js';
