/** Why a call may fail with EPERM here: the part of the checkup that explains it. */

import { rights } from './capabilities.js';
import { delegationIn, mounts } from './mounts.js';
import { lockdown } from './settings.js';
import { ifReadable } from './system-file.js';

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

const privilege = 'run as root or grant CAP_BPF and CAP_PERFMON, CAP_NET_ADMIN for network programs';

const forbiddenToAll =
  'it is not for want of a capability: a container, lockdown, or a kernel that refuses this program type';

/**
 * What to do about EPERM.
 *
 * @param what - was refused, as `SEC("xdp")`
 * @param needed - capabilities that it takes
 */
export function privilegeHint(what?: string, needed?: readonly string[]): string | undefined {
  return ifReadable(() => privilegesFor(what, needed));
}

function privilegesFor(what?: string, needed?: readonly string[]): string {
  const obstacles = obstaclesToBpf(needed);
  const takes = needed?.length ? `${what} takes ${needed.join(' and ')}` : undefined;
  if (obstacles.length === 0) return forbiddenToAll;
  return [hasRoot() ? takes : (takes ?? privilege), ...obstacles]
    .filter(text => text !== undefined)
    .join('; ');
}

function hasRoot(): boolean {
  const { capabilities } = rights();
  return capabilities.includes('CAP_BPF') || capabilities.includes('CAP_SYS_ADMIN');
}
