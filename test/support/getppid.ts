/** System calls on order: Node asks the kernel for its parent each time `process.ppid` is read. */

const numbers: Readonly<Record<string, number>> = { x64: 110, arm64: 173 };

/** The number of getppid(2) here; libbpf-ts programs see it in `sys_enter`. */
export const getppid = numbers[process.arch] ?? -1;

/** Calls getppid(2) `count` times. */
export function callGetppid(count: number): void {
  for (let call = 0; call < count; call++) void process.ppid;
}

/** Globals that make the probe object watch this process's getppid. */
export const watchGetppid = { rodata: { target_pid: process.pid, watched: BigInt(getppid) } };
