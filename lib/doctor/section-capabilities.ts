/** What rights loading a program takes, by its section. */
import { attachKindOf, attachKinds } from '../kinds/attach-kinds.js';

/** What the kernel asks for at load, by the group that a program type is of; nothing where anybody may. */
export function capabilitiesFor(section: string): string[] {
  const kind = attachKindOf(section);
  if (kind === undefined || kind === 'socket') return [];
  const config: readonly string[] = attachKinds[kind].config;
  const looks = config.includes('BPF_EVENTS') || config.includes('BPF_LSM') || kind === 'struct_ops';
  if (looks) return ['CAP_BPF', 'CAP_PERFMON'];
  return kind === 'syscall' ? ['CAP_BPF'] : ['CAP_BPF', 'CAP_NET_ADMIN'];
}
