/** The two errors of this room: bytes that are no proper ELF file, and bytes that are no proper BTF. */
import { BpfError } from '../errors/bpf-error.js';

/** Where and how an ELF file is wrong: `read x.bpf.o: ERR_BPF_ELF, section 3 ... (remedy)`. */
export function malformedElf(subject: string, reason: string, hint?: string): BpfError {
  return new BpfError({ code: 'ERR_BPF_ELF', operation: `read ${subject}`, reason, hint });
}

/** Where and how type information is wrong. */
export function malformedBtf(subject: string, reason: string, hint?: string): BpfError {
  return new BpfError({ code: 'ERR_BPF_BTF', operation: `read ${subject}`, reason, hint });
}

/** That an ELF file has no types at all. */
export function noTypes(subject: string): BpfError {
  return malformedElf(subject, 'no type information: there is no .BTF section', 'compile with clang -g');
}
