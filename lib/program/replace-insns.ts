/** Instructions that are loaded instead of the file's. */
import { littleEndian } from '../btf/byte-order.js';
import { argumentError, requireList } from '../errors/arguments.js';
import { check } from '../native/errno.js';
import type { Flow } from '../native/flow.js';
import { native, type ProgramHandle } from '../native/native.js';
import type { NewInsns, ObjectState } from '../native/owner.js';
import { instructions } from './parts.js';

/** @throws BpfError `ERR_BPF_ARGUMENT` for none */
export function requireInsns(operation: string, insns: NewInsns): void {
  if (typeof insns === 'function') return;
  requireList(operation, 'instructions are what asm`…` or insns() give', insns);
  if (insns.length === 0) throw argumentError(operation, 'a program has at least one instruction');
}

/**
 * Puts them in place, once the object is prepared: libbpf relocates by the places of the file's instructions
 * (bpf_object__relocate() in libbpf.c), so none may be replaced before.
 */
export function* replaceInsns(
  { programs }: { readonly programs: ReadonlyMap<string, ProgramHandle> },
  { insns }: ObjectState,
): Flow<void> {
  for (const [name, given] of insns) {
    const program = programs.get(name);
    if (program !== undefined)
      yield* replaceOne(program, given, `replace the instructions of program ${name}`);
  }
}

function* replaceOne(program: ProgramHandle, given: NewInsns, operation: string): Flow<void> {
  const { decodeInsns, encodeInsns } = yield* instructions.need(operation);
  const relocated = () => check(native().programInsns(program), operation) as Uint8Array;
  const insns = typeof given === 'function' ? given(decodeInsns(relocated(), littleEndian)) : given;
  requireList(operation, 'instructions are what asm`…` or insns() give', insns);
  check(native().programSetInsns(program, encodeInsns(insns, littleEndian)), operation);
}
