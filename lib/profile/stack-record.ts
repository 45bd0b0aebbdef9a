/** A stack with what it belongs to, as the BPF programs write it. */

/** Of the deepest stack: PERF_MAX_STACK_DEPTH in uapi/linux/perf_event.h, of 8 bytes a frame. */
export const stackBytes = 127 * 8;
/** Where each part is, in bytes from the start. All but the id is what the id is the hash of. */
export const record = {
  id: 0,
  pid: 8,
  state: 12,
  comm: 16,
  kernelBytes: 32,
  userBytes: 36,
  /** The kernel's stack, and the process's behind it. */
  stacks: 40,
  size: 40 + 2 * stackBytes,
} as const;

/** What a task was when its stack was taken: a mask of the kernel's states (`TASK_…` in include/linux/sched.h), or on a CPU. */
export const onCpu = 0x200;

/** One stack; equal ones come once. */
export interface StackRecord {
  readonly id: bigint;
  readonly pid: number;
  /** {@link onCpu}, 0 where the task could have run on, else a bit of the kernel's. */
  readonly state: number;
  /** The thread's name. */
  readonly comm: string;
  /** Addresses, the innermost first. */
  readonly kernel: readonly bigint[];
  readonly user: readonly bigint[];
}

/** Reads one. */
export function parseStackRecord(bytes: Uint8Array): StackRecord {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kernelEnd = record.stacks + view.getUint32(record.kernelBytes, true);
  const comm = bytes.subarray(record.comm, record.kernelBytes);
  const nul = comm.indexOf(0);
  return {
    id: view.getBigUint64(record.id, true),
    pid: view.getUint32(record.pid, true),
    state: view.getUint32(record.state, true),
    comm: new TextDecoder().decode(comm.subarray(0, nul < 0 ? undefined : nul)),
    kernel: addresses(view, record.stacks, kernelEnd),
    user: addresses(view, kernelEnd, kernelEnd + view.getUint32(record.userBytes, true)),
  };
}

function addresses(view: DataView, from: number, to: number): bigint[] {
  return Array.from({ length: (to - from) / 8 }, (_, i) => view.getBigUint64(from + 8 * i, true));
}
