/** The file systems that BPF needs, from this process's mount table. */
import { systemText } from './system-file.js';

/** One mount. */
export interface Mount {
  readonly path: string;
  readonly readOnly: boolean;
  /** Options of the file system itself, as `mode=700` or `delegate_cmds=any`. */
  readonly options: readonly string[];
}

/** Mounts by file system, in the order of the table. */
export interface Mounts {
  readonly bpffs: readonly Mount[];
  readonly tracefs: readonly Mount[];
  readonly cgroup2: readonly Mount[];
  readonly securityfs: readonly Mount[];
}

/** Reads /proc. */
export function mounts(): Mounts {
  const rows = systemText('/proc/self/mountinfo').split('\n').map(mountIn);
  const of = (type: string) => rows.filter(row => row.type === type).map(({ mount }) => mount);
  return { bpffs: of('bpf'), tracefs: of('tracefs'), cgroup2: of('cgroup2'), securityfs: of('securityfs') };
}

/** `36 35 98:0 / /mnt rw,noatime shared:1 - ext3 /dev/root rw,errors=continue`. */
function mountIn(line: string): { type: string; mount: Mount } {
  const [front = '', back = ''] = line.split(' - ');
  const [, , , , path = '', own = ''] = front.split(' ');
  const [type = '', , all = ''] = back.split(' ');
  const readOnly = [own, all].some(options => options.split(',').includes('ro'));
  return { type, mount: { path: unescaped(path), readOnly, options: all.split(',').filter(Boolean) } };
}

/** The kernel writes blanks and backslashes as octal numbers (mangle() in fs/proc_namespace.c). */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/**
 * Where a user namespace of its own can have a BPF token from; undefined where nothing is delegated.
 * @since Linux 6.9 (bpf_token_create() in kernel/bpf/token.c)
 */
export function delegationIn({ bpffs }: Mounts): string | undefined {
  const delegates = ({ options }: Mount) => options.some(option => option.startsWith('delegate_'));
  return bpffs.find(delegates)?.path;
}
