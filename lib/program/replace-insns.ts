/** Instructions of a program that go to the kernel instead of the file's. */
import { decodeInsns, encodeInsns } from '../asm/index.js';
import { littleEndian } from '../btf/byte-order.js';
import { requireList } from '../errors/arguments.js';
import { check } from '../native/errno.js';
import { native, type ProgramHandle } from '../native/native.js';
import type { NewInsns, ObjectState } from '../native/owner.js';

/**
 * Puts them in place, once the object is prepared: libbpf relocates by the places of the file's instructions
 * (bpf_object__relocate() in libbpf.c), so none may be replaced before.
 */
export function replaceInsns(
  { programs }: { readonly programs: ReadonlyMap<string, ProgramHandle> },
  { insns }: ObjectState,
): void {
  for (const [name, given] of insns) {
    const program = programs.get(name);
    if (program !== undefined) replaceOne(program, given, `replace the instructions of program ${name}`);
  }
}

function replaceOne(program: ProgramHandle, given: NewInsns, operation: string): void {
  const insns = typeof given === 'function' ? given(relocatedInsns(program, operation)) : given;
  requireList(operation, 'instructions are what asm`…` or insns() give', insns);
  check(native().programSetInsns(program, encodeInsns(insns, littleEndian)), operation);
}

function relocatedInsns(program: ProgramHandle, operation: string) {
  return decodeInsns(check(native().programInsns(program), operation) as Uint8Array, littleEndian);
}
