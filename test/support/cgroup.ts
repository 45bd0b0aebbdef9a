/** A cgroup of a test's own, in whatever place this machine has the second version mounted. */
import { mkdtempSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

/** The mount point of cgroup v2. */
export function cgroupRoot(): string {
  const line = readFileSync('/proc/self/mounts', 'utf8').match(/^\S+ (\S+) cgroup2 /m);
  if (line?.[1] === undefined) throw new Error('cgroup v2 is not mounted: mount -t cgroup2 cgroup2 FOLDER');
  return line[1];
}

/** Exists while in use, with no process in it unless the test puts one there. */
export class Cgroup implements Disposable {
  readonly path = mkdtempSync(join(cgroupRoot(), 'libbpf-ts-'));

  [Symbol.dispose](): void {
    rmdirSync(this.path);
  }
}
