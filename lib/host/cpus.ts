/** The machine's CPUs, as `/sys/devices/system/cpu` lists them. */
import { systemText } from './system-file.js';

/** Those that run now. */
export function onlineCpus(): number[] {
  return cpusIn(systemText('/sys/devices/system/cpu/online'));
}

/** Those that may run some time, whether they do or not. */
export function possibleCpuNumbers(): readonly number[] {
  known ??= cpusIn(systemText('/sys/devices/system/cpu/possible'));
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
