/** LSM programs attach anywhere, but run only where BPF is among the active security modules. */
import { BpfError } from '../errors/bpf-error.js';
import { textIfTold } from './system-file.js';

/**
 * Returns where BPF is active (`/sys/kernel/security/lsm`, Documentation/admin-guide/LSM/index.rst), or where that
 * cannot be read because securityfs is not mounted.
 *
 * @throws BpfError `ERR_BPF_NEVER_RUNS` with what is active.
 */
export function requireActiveLsm(program: string): void {
  const active = securityModules();
  if (active === undefined || active.includes('bpf')) return;
  const reason = `it would never run: the active security modules are ${active.join(', ')}`;
  const hint = `boot with lsm=${[...active, 'bpf'].join(',')}`;
  throw new BpfError({ code: 'ERR_BPF_NEVER_RUNS', operation: `attach ${program}`, reason, hint });
}

/** The active security modules; undefined where securityfs is not mounted. */
export function securityModules(): readonly string[] | undefined {
  return textIfTold('/sys/kernel/security/lsm')?.split(',');
}
