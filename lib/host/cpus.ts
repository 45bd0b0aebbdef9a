/** The machine's CPUs, as the kernel lists them. */
import { readFileSync } from 'node:fs';

/** Those that run now. */
export function onlineCpus(): number[] {
  return cpusIn(readFileSync('/sys/devices/system/cpu/online', 'utf8'));
}

/** Those that may run some time, whether they do or not. */
export function possibleCpuNumbers(): readonly number[] {
  known ??= cpusIn(readFileSync('/sys/devices/system/cpu/possible', 'utf8'));
  return known;
}

let known: readonly number[] | undefined;

/** A list as `0-3,6`. */
export function cpusIn(text: string): number[] {
  const ranges = text.trim().split(',').filter(Boolean);
  return ranges.flatMap(range => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
