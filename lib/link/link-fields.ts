/** `struct bpf_link_info` (include/uapi/linux/bpf.h), filled by bpf_link_get_info_by_fd() in kernel/bpf/syscall.c. */
import { littleEndian } from '../btf/byte-order.js';
import { kernelStructs } from '../kinds/kernel-structs.js';

/** Reads numbers of `struct bpf_link_info`, whose kinds share their bytes from 16 on. */
export class LinkFields {
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u32(offset: number): number {
    return this.#view.getUint32(offset, littleEndian);
  }

  s32(offset: number): number {
    return this.#view.getInt32(offset, littleEndian);
  }

  u64(offset: number): bigint {
    return this.#view.getBigUint64(offset, littleEndian);
  }
}

/** Where they are. */
export const { bpf_link_info: places } = kernelStructs;
