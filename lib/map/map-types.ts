/**
 * The least types that the kernel wants of a map that it makes only with types (bpf_local_storage_map_alloc_check() in
 * kernel/bpf/bpf_local_storage.c).
 */
import { BtfWriter } from '../btf/btf-writer.js';
import { littleEndian } from '../btf/byte-order.js';

/** Types 1 `int`, 2 `unsigned char`, 3 the index of an array, and 4 an array of so many bytes. */
export function mapTypes(valueSize: number): Uint8Array {
  const writer = new BtfWriter(littleEndian);
  const int = 1;
  const array = 3;
  const signed32 = (1 << 24) | 32;
  writer.add({ name: 'int', kind: int, third: 4, body: [signed32] });
  writer.add({ name: 'unsigned char', kind: int, third: 1, body: [8] });
  writer.add({ name: 'unsigned int', kind: int, third: 4, body: [32] });
  writer.add({ name: '', kind: array, third: 0, body: [2, 3, valueSize] });
  return writer.bytes();
}
