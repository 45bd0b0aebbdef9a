/** On demand: files are looked at before libbpf, which runs in this process and trusts much of them. */
import { Elf, requireBpfObject, requireHostByteOrder, screenObject } from '../btf/index.js';

export { screenTypesFile } from './custom-types.js';

/** libbpf would refuse these with fewer words, or crash: screenObject() tells which. */
export function checkObject(bytes: Uint8Array, subject: string): void {
  const elf = Elf.parse(bytes, subject);
  requireBpfObject(elf);
  requireHostByteOrder(elf);
  screenObject(bytes, subject);
}
