/** What a process is besides its number. */
import type { Container } from '../containers/index.js';
import { clock } from '../index.js';

/** One process. */
export interface ProcessIdentity {
  /** The id that the first pid namespace knows it by, as bpf_get_current_pid_tgid() gives it. */
  readonly pid: number;
  /** The process that started it, or has taken it over by the time that it was first seen. */
  readonly parent: number;
  readonly started: Date;
  /** Its id in its own pid namespace (pid_namespaces(7)): another one in a container. */
  readonly namespacePid: number;
  /** The inode of that namespace, as `readlink /proc/PID/ns/pid` shows it. */
  readonly pidNamespace: number;
  /** The number of its cgroup. */
  readonly cgroup: bigint;
  /** The container that it is in; undefined where it is in none, or its cgroup is not known. */
  readonly container: Container | undefined;
}

/** `struct identity` of identities.bpf.c. */
export interface IdentityRecord {
  readonly started: bigint;
  readonly cgroup: bigint;
  readonly parent: number;
  readonly inner_pid: number;
  readonly pid_namespace: number;
}

export function identityOf(
  pid: number,
  { started, cgroup, parent, inner_pid, pid_namespace }: IdentityRecord,
  container: Container | undefined,
): ProcessIdentity {
  return {
    ...{ pid, parent, started: clock.boottime.toDate(started) },
    ...{ namespacePid: inner_pid, pidNamespace: pid_namespace, cgroup, container },
  };
}
