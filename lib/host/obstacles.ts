/** Why the kernel may say EPERM here: the part of the checkup that explains it. */
import { rights } from './capabilities.js';
import { delegationIn, mounts } from './mounts.js';
import { lockdown } from './settings.js';

/**
 * What stands between this process and BPF, as clauses; none where nothing shows.
 *
 * @param needed - capabilities that what was tried takes; absent: any of BPF's
 */
export function obstaclesToBpf(needed?: readonly string[]): string[] {
  const { capabilities, lacking, initialUserNamespace, seccomp } = rights();
  const lacks = (name: string) =>
    lacking.includes(name) || (name === 'CAP_SYS_ADMIN' && !capabilities.includes(name));
  const missing = needed?.filter(lacks) ?? lacking;
  const mode = lockdown();
  return [
    missing.length > 0 && `this process lacks ${missing.join(', ')}`,
    !initialUserNamespace && ownNamespace(),
    seccomp !== 'off' && 'a seccomp filter watches it, which may forbid bpf(2) and perf_event_open(2)',
    mode !== undefined && mode !== 'none' && `the kernel is locked down (${mode})`,
  ].filter(text => text !== false);
}

function ownNamespace(): string {
  const text = 'it is in a user namespace of its own, where capabilities do not reach the kernel';
  const path = delegationIn(mounts());
  return path === undefined ? text : `${text}; ${path} delegates rights to it: open with token: '${path}'`;
}
