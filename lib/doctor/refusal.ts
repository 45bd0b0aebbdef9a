/** Why the kernel may say EPERM here: the part of the checkup that explains it. */
import { type Capability, capabilitiesOf } from '../kinds/capabilities.js';
import { rights } from './capabilities.js';
import { lockdown } from './settings.js';

/** What to do where the kernel says EPERM; of a program, its section tells which capabilities count. */
export function privilegeHint(section?: string): string {
  const takes = section === undefined ? undefined : capabilitiesOf(section);
  return [missing(section, takes) ?? nothingMissing, ...obstacles()].join('; ');
}

const nothingMissing =
  'it is not for want of a capability: a container, lockdown, or a kernel that refuses this program type';

/** Undefined where this process has all that it takes. */
function missing(section = '', takes?: readonly Capability[]): string | undefined {
  const lacking = rights().lacking.filter(name => takes?.some(taken => taken === name) ?? true);
  if (lacking.length === 0) return undefined;
  const rule = takes
    ? `SEC("${section}") takes ${takes.join(' and ')}`
    : 'BPF takes CAP_BPF, with CAP_PERFMON to trace and CAP_NET_ADMIN for networks';
  return `${rule}, and this process lacks ${lacking.join(', ')}: run as root or grant what is missing`;
}

/** What stands between this process and BPF beside its capabilities; nothing where nothing shows. */
function obstacles(): string[] {
  const { initialUserNamespace, seccomp } = rights();
  const mode = lockdown();
  return [
    !initialUserNamespace &&
      'it is in a user namespace of its own, where capabilities do not reach the kernel',
    seccomp !== 'off' && 'a seccomp filter watches it, which may forbid bpf(2) and perf_event_open(2)',
    mode !== undefined && mode !== 'none' && `the kernel is locked down (${mode})`,
  ].filter(text => text !== false);
}
