/** Why the kernel may say EPERM here: the part of the checkup that explains it. */
import { rights } from './capabilities.js';
import { lockdown } from './settings.js';

/** What stands between this process and BPF, as clauses; none where nothing shows. */
export function obstaclesToBpf(): string[] {
  const { lacking, initialUserNamespace, seccomp } = rights();
  const mode = lockdown();
  return [
    lacking.length > 0 && `this process lacks ${lacking.join(', ')}`,
    !initialUserNamespace &&
      'it is in a user namespace of its own, where capabilities do not reach the kernel',
    seccomp !== 'off' && 'a seccomp filter watches it, which may forbid bpf(2) and perf_event_open(2)',
    mode !== undefined && mode !== 'none' && `the kernel is locked down (${mode})`,
  ].filter(text => text !== false);
}
