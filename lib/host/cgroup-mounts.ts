/** Where the cgroup v2 tree is: on many machines below one of v1. */
import { systemText } from './system-file.js';

/** Mount points of cgroup v2, in the order of the mount table. */
export function cgroupMounts(): string[] {
  const lines = systemText('/proc/self/mounts').split('\n');
  return lines.flatMap(line => {
    const [, path = '', type] = line.split(' ');
    return type === 'cgroup2'
      ? [path.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)))]
      : [];
  });
}
