/** The namespace of process numbers that this process lives in. */
import { statSync } from 'node:fs';

/** As programs of BPF are told of it, by bpf_get_ns_current_pid_tgid(). */
export interface PidNamespace {
  readonly device: bigint;
  readonly inode: bigint;
}

/** `PROC_PID_INIT_INO` in include/linux/proc_ns.h. */
const firstNamespace = 0xefff_fffcn;

/** Undefined in the machine's first, and where /proc does not say which it is. */
export function pidNamespace(): PidNamespace | undefined {
  const found = statSync('/proc/self/ns/pid', { bigint: true, throwIfNoEntry: false });
  if (found === undefined || found.ino === firstNamespace) return undefined;
  return { device: kernelDevice(found.dev), inode: found.ino };
}

/** The number that the kernel has for a device that stat() tells: MKDEV() in include/linux/kdev_t.h. */
function kernelDevice(device: bigint): bigint {
  const [major, minor] = [(device >> 8n) & 0xfffn, (device & 0xffn) | ((device >> 12n) & 0xfff_ff00n)];
  return (major << 20n) | minor;
}
