/** The capabilities of this process by name, and what narrows them (capabilities(7)). */
import { systemText } from './system-file.js';

/** By number, as in linux/capability.h. */
const names =
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore'.split(
    ' ',
  );

/** The rights of this process. */
export interface Rights {
  readonly uid: number;
  /** Effective capabilities, as `CAP_BPF`; newer than this list by number. */
  readonly capabilities: readonly string[];
  /** Those of what BPF takes that it does not have. */
  readonly lacking: readonly string[];
  /** True in the machine's first user namespace; in others capabilities count for little. */
  readonly initialUserNamespace: boolean;
  readonly seccomp: 'off' | 'strict' | 'filter';
  /** True where no program that it starts can have more rights. */
  readonly noNewPrivileges: boolean;
  /** True where the executable's own file brings them, as by setcap: every script that it runs has them too. */
  readonly fromFile: boolean;
}

/**
 * What loading and attaching may take. CAP_SYS_ADMIN stands for the first two (bpf_capable() in
 * include/linux/capability.h and perfmon_capable() there).
 */
const wanted = ['CAP_BPF', 'CAP_PERFMON', 'CAP_NET_ADMIN'];

/** Reads /proc. */
export function rights(): Rights {
  const status = systemText('/proc/self/status');
  const field = (name: string) => status.match(new RegExp(`^${name}:\\s*(\\S+)`, 'm'))?.[1] ?? '0';
  const set = (name: string) => BigInt(`0x${field(name)}`);
  const capabilities = capabilitiesIn(set('CapEff'));
  const uid = process.getuid?.() ?? -1;
  const all = capabilities.includes('CAP_SYS_ADMIN') ? ['CAP_BPF', 'CAP_PERFMON'] : [];
  return {
    uid,
    capabilities,
    lacking: wanted.filter(name => ![...capabilities, ...all].includes(name)),
    initialUserNamespace: /^\s*0\s+0\s+4294967295\s*$/.test(systemText('/proc/self/uid_map')),
    seccomp: (['off', 'strict', 'filter'] as const)[Number(field('Seccomp'))] ?? 'filter',
    noNewPrivileges: field('NoNewPrivs') === '1',
    // A user has rights from those who started it, which are ambient, or from the file.
    fromFile: uid > 0 && (set('CapPrm') & ~set('CapAmb')) !== 0n,
  };
}

function capabilitiesIn(set: bigint): string[] {
  const numbers = Array.from({ length: 64 }, (_, bit) => bit).filter(bit => (set >> BigInt(bit)) & 1n);
  return numbers.map(bit => `CAP_${(names[bit] ?? `${bit}`).toUpperCase()}`);
}
