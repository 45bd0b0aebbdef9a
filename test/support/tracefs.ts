/** Where the kernel's trace is read. */
import { execFileSync } from 'node:child_process';

/** As the demo does: the library mounts nothing. */
export function mountTracefs(): void {
  execFileSync('sh', [
    '-c',
    'test -e /sys/kernel/tracing/trace_pipe || mount -t tracefs tracefs /sys/kernel/tracing',
  ]);
}
