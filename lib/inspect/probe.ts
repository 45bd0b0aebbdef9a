/** What `BPF_TASK_FD_QUERY` tells of a perf event that runs a program (bpf_task_fd_query() in kernel/bpf/syscall.c). */
import { littleEndian } from '../btf/byte-order.js';

/** By `enum bpf_task_fd_type`. */
const types: readonly Probe['type'][] = [
  'raw_tracepoint',
  'tracepoint',
  'kprobe',
  'kretprobe',
  'uprobe',
  'uretprobe',
];

/** Where a perf event is. */
export interface Probe {
  readonly type:
    | 'raw_tracepoint'
    | 'tracepoint'
    | 'kprobe'
    | 'kretprobe'
    | 'uprobe'
    | 'uretprobe'
    | `unknown ${number}`;
  /** The tracepoint, the function or the file; empty for a kernel address. */
  readonly name: string;
  /** From the start of the function or file, in bytes. */
  readonly offset: number;
  /** In the kernel; 0 for others. */
  readonly address: bigint;
}

/** Reads what `taskFdQuery()` answers. */
export function probeOf(bytes: Uint8Array): { readonly id: number; readonly probe: Probe } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const type = view.getUint32(4, littleEndian);
  return {
    id: view.getUint32(0, littleEndian),
    probe: {
      type: types[type] ?? `unknown ${type}`,
      name: Buffer.from(bytes.subarray(24)).toString('utf8'),
      offset: Number(view.getBigUint64(8, littleEndian)),
      address: view.getBigUint64(16, littleEndian),
    },
  };
}
