/** Functions of the kernel by name, for assembly. */
import { argumentError, requireText } from '../errors/arguments.js';
import { kernelBtf } from '../host/kernel-types.js';

/**
 * What `call` takes for a function of the running kernel, its modules left out: `BPF_PSEUDO_KFUNC_CALL` and its id in
 * the kernel's BTF (bpf_add_kfunc_call() in kernel/bpf/verifier.c).
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` where the kernel has no such function
 * @since Linux 5.13
 * @example
 * ```ts
 * const insns = asm`
 *   call ${kfunc('bpf_rcu_read_lock')}
 *   call ${kfunc('bpf_rcu_read_unlock')}
 *   r0 = 0
 *   exit`;
 * ```
 */
export function kfunc(name: string): string {
  requireText('call a kernel function', 'its name', name);
  const id = kernelBtf().find('func', name);
  if (id !== undefined) return `kernel-function#${id}`;
  const reason = 'the kernel, without its modules, has no such function';
  throw argumentError(`call ${name}`, reason);
}
