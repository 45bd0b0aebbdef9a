/** LSM programs attach anywhere, but run only where BPF is among the active security modules. */
import { readFileSync } from 'node:fs';
import { BpfError } from '../errors/bpf-error.js';

const list = '/sys/kernel/security/lsm';

/**
 * Returns where BPF is active, or where the kernel does not tell because securityfs is not mounted.
 *
 * @throws BpfError `ERR_BPF_NEVER_RUNS` with what is active.
 */
export function requireActiveLsm(program: string): void {
  const active = activeModules();
  if (active === undefined || active.includes('bpf')) return;
  const reason = `it would never run: the active security modules are ${active.join(', ')}`;
  const hint = `boot with lsm=${[...active, 'bpf'].join(',')}`;
  throw new BpfError({ code: 'ERR_BPF_NEVER_RUNS', operation: `attach ${program}`, reason, hint });
}

function activeModules(): readonly string[] | undefined {
  try {
    return readFileSync(list, 'utf8').trim().split(',');
  } catch {
    return undefined;
  }
}
