/** A kernel's types from a file, for CO-RE: looked at before libbpf reads them. */
import { readFileSync } from 'node:fs';
import { Elf, screenTypes } from '../btf/index.js';
import { screenedBefore } from '../btf/screen/remembered.js';

/** The running kernel's own types are trusted. */
const ownTypes = '/sys/kernel/btf/';

/**
 * Returns when libbpf can read the types of a file; also where the file cannot be opened, for which libbpf has an
 * error (bpf_object__load_vmlinux_btf() in libbpf.c).
 *
 * @throws BpfError `ERR_BPF_BTF` or `ERR_BPF_ELF` for a damaged one.
 */
export function screenTypesFile(path: string): void {
  const bytes = path.startsWith(ownTypes) ? undefined : contents(path);
  if (bytes) screenedBefore('types', bytes, () => screen(bytes, path));
}

function contents(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** A module's file may have the kernel's types that it needs in `.BTF.base` (Documentation/bpf/btf.rst). */
function screen(bytes: Uint8Array, path: string): void {
  if (bytes[0] !== 0x7f) {
    screenTypes(bytes, path);
    return;
  }
  const elf = Elf.parse(bytes, path);
  const base = elf.section('.BTF.base');
  const types = elf.section('.BTF');
  if (types) screenTypes(types.bytes, path, base && screenTypes(base.bytes, path));
}
