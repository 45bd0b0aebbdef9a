/** A kernel's types from a file, for CO-RE: looked at before libbpf reads them. */
import { readFileSync } from 'node:fs';
import { Elf, screenTypes } from '../btf/index.js';
import { screenedBefore } from '../btf/screen/remembered.js';

/** What the running kernel shows of itself is trusted. */
const ownTypes = '/sys/kernel/btf/';

/**
 * Returns when libbpf can walk along the types of a file; also where it cannot be read, which libbpf says by itself.
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

/** A module's file has the types of its kernel that it needs in a section of their own. */
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
