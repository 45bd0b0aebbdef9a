/** The types of the running kernel and its modules, as /sys has them. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Btf } from '../btf/index.js';
import { requireText } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import { kernelBtfPath } from './kernel.js';

let own: Btf | undefined;

/**
 * The types of the running kernel, or of one of its modules, which continue them. The kernel's are read once.
 *
 * @param module - as `lsmod` names it; absent for the kernel itself
 * @throws BpfError `ENOENT` where the kernel or module has no BTF
 * @since Linux 5.4 (btf_vmlinux_init() in kernel/bpf/sysfs_btf.c); modules Linux 5.11 (btf_module_notify() in
 * kernel/bpf/btf.c)
 *
 * @example
 * ```ts
 * console.log(kernelBtf().get('struct list_head').toString());
 * ```
 */
export function kernelBtf(module?: string): Btf {
  if (module !== undefined) requireText('read the types of the kernel', 'a module', module);
  own ??= Btf.parse(read(kernelBtfPath), 'vmlinux');
  if (module === undefined || module === 'vmlinux') return own;
  return Btf.parse(read(join(dirname(kernelBtfPath), module)), module, own);
}

function read(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code = 'ERR_BPF_BTF', errno } = cause as NodeJS.ErrnoException;
    const hint =
      path === kernelBtfPath ? 'this kernel has no BTF; it needs CONFIG_DEBUG_INFO_BTF=y' : 'is it loaded?';
    throw new BpfError({ code, errno, operation: `read ${path}`, reason: 'it cannot be read', hint, cause });
  }
}
