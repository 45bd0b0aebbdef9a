/** Samples, as the sampling program writes them. */

/** Of the deepest stack: PERF_MAX_STACK_DEPTH in uapi/linux/perf_event.h, of 8 bytes a frame. */
export const stackBytes = 127 * 8;
/** Process and thread, the lengths of both stacks, the thread's name, the kernel's stack and the process's behind it. */
export const largestSample = 32 + 2 * stackBytes;

/** What a CPU did when it was asked. */
export interface Sample {
  readonly pid: number;
  /** The thread's name. */
  readonly comm: string;
  /** Equal for equal samples. */
  readonly key: string;
  /** Addresses, the innermost first. */
  readonly kernel: readonly bigint[];
  readonly user: readonly bigint[];
}

/** Reads one. */
export function parseSample(bytes: Uint8Array): Sample {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [kernelEnd, end] = [
    32 + view.getUint32(8, true),
    32 + view.getUint32(8, true) + view.getUint32(12, true),
  ];
  const comm = bytes.subarray(16, 32);
  const nul = comm.indexOf(0);
  return {
    pid: view.getUint32(4, true),
    comm: new TextDecoder().decode(comm.subarray(0, nul < 0 ? undefined : nul)),
    // All but the thread's number.
    key: Buffer.from(bytes.buffer, bytes.byteOffset + 4, end - 4).toString('latin1'),
    kernel: addresses(view, 32, kernelEnd),
    user: addresses(view, kernelEnd, end),
  };
}

function addresses(view: DataView, from: number, to: number): bigint[] {
  return Array.from({ length: (to - from) / 8 }, (_, i) => view.getBigUint64(from + 8 * i, true));
}
