/** What makes an ELF file a BPF object: its machine, its kind, its type information, its byte order. */
import { littleEndian } from './byte-order.js';
import type { Elf } from './elf.js';
import { malformedElf } from './malformed.js';

const machines: Readonly<Record<number, string>> = {
  2: 'SPARC',
  3: 'x86',
  8: 'MIPS',
  20: 'PowerPC',
  21: 'PowerPC64',
  22: 's390x',
  40: 'ARM',
  43: 'SPARC64',
  62: 'x86-64',
  183: 'arm64',
  243: 'RISC-V',
  258: 'LoongArch',
};

const fileTypes: Readonly<Record<number, string>> = {
  1: 'object',
  2: 'executable',
  3: 'shared library or executable',
  4: 'core dump',
};

/** `EM_BPF`. */
const bpfMachine = 247;
const relocatable = 1;

/**
 * Returns when the file is a BPF object with type information, of either byte order.
 *
 * @throws BpfError `ERR_BPF_ELF` that says what the file is, or how to compile it with types
 */
export function requireBpfObject(elf: Elf): void {
  if (elf.machine !== bpfMachine) throw wrongMachine(elf);
  if (elf.type !== relocatable) {
    throw malformedElf(elf.subject, `${fileType(elf)} for BPF, not an object`, 'compile with clang -c');
  }
  if (!elf.section('.BTF')) {
    throw malformedElf(elf.subject, 'no type information: there is no .BTF section', 'compile with clang -g');
  }
}

/**
 * Returns when the object has this machine's byte order, so that its kernel can load it.
 *
 * @throws BpfError `ERR_BPF_ELF` that names the right clang target
 */
export function requireHostByteOrder(elf: Elf): void {
  if (elf.littleEndian === littleEndian) return;
  const order = (little: boolean) => (little ? 'little' : 'big');
  const reason = `a ${order(elf.littleEndian)}-endian object on a ${order(littleEndian)}-endian machine`;
  throw malformedElf(elf.subject, reason, `compile with clang -target ${littleEndian ? 'bpfel' : 'bpfeb'}`);
}

function wrongMachine(elf: Elf): Error {
  const machine = machines[elf.machine] ?? `machine ${elf.machine}`;
  const reason = `${fileType(elf)} for ${machine}, not for BPF`;
  return malformedElf(elf.subject, reason, 'pass the .bpf.o that clang -target bpf made');
}

function fileType(elf: Elf): string {
  const type = fileTypes[elf.type] ?? `ELF file of type ${elf.type}`;
  return `${/^[aeiouE]/.test(type) ? 'an' : 'a'} ${type}`;
}
