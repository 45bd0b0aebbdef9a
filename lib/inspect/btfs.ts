/** Types in the kernel: its own, its modules', and those that were loaded with programs and maps. */
import { kernelStructs } from '../kinds/kernel-structs.js';
import { inKernel } from './in-kernel.js';

/** `struct bpf_btf_info`. */
export interface BtfInfo {
  readonly id: number;
  /**
   * `vmlinux`, or the module's; empty for types of programs.
   *
   * @since Linux 5.11 (btf_get_info_by_fd() in kernel/bpf/btf.c)
   */
  readonly name: string;
  /** True for types of the kernel or a module. @since Linux 5.11 (btf_get_info_by_fd() in kernel/bpf/btf.c) */
  readonly kernel: boolean;
  /** In bytes. */
  readonly size: number;
}

const { bpf_btf_info: at } = kernelStructs;
/** native/inspect puts the name behind the struct, which points to it. */
const [nameAt, nameSize] = [32, 64];

/**
 * All types that the kernel holds, by rising ids, off the main thread; what comes or goes meanwhile may be missed.
 * `openBtf({ id })` opens one.
 *
 * @throws BpfError `EPERM` without CAP_SYS_ADMIN (bpf_obj_get_next_id() in kernel/bpf/syscall.c)
 * @since Linux 5.4
 * @example
 * ```ts
 * for await (const { id, name, size } of btfs()) console.log(id, name, size);
 * ```
 */
export async function* btfs(): AsyncGenerator<BtfInfo, void, undefined> {
  for await (const record of inKernel('BTFs')) {
    yield {
      id: record.u32(at.id),
      name: record.name(nameAt, nameSize),
      kernel: record.u32(at.kernel_btf) === 1,
      size: record.u32(at.btf_size),
    };
  }
}
