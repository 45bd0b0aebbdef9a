/** A cgroup of a test's own, in whatever place this machine has the second version mounted. */
import { mkdtempSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Ended, ended } from './child.js';
import type { Namespace } from './network.js';

/** The mount point of cgroup v2. */
export function cgroupRoot(): string {
  const line = readFileSync('/proc/self/mounts', 'utf8').match(/^\S+ (\S+) cgroup2 /m);
  if (line?.[1] === undefined) throw new Error('cgroup v2 is not mounted: mount -t cgroup2 cgroup2 FOLDER');
  return line[1];
}

/** Exists while in use, with no process in it unless the test puts one there. */
export class Cgroup implements Disposable, AsyncDisposable {
  readonly path: string;

  constructor(parent = cgroupRoot()) {
    this.path = mkdtempSync(join(parent, 'libbpf-ts-'));
  }

  /** Runs a command in here, and in a network namespace where one is given, to its end. */
  run(namespace: Namespace | undefined, command: string, ...args: string[]): Promise<Ended> {
    const where = namespace === undefined ? [] : ['nsenter', `--net=${namespace.path}`];
    const enter = 'echo $$ > "$0/cgroup.procs" && exec "$@"';
    return ended('sh', ['-c', enter, this.path, ...where, command, ...args]);
  }

  /** What a Python program prints in here. */
  async python(namespace: Namespace | undefined, program: string): Promise<string> {
    const { stdout, stderr } = await this.run(namespace, 'python3', '-c', program);
    if (stderr !== '') throw new Error(stderr);
    return stdout.trim();
  }

  [Symbol.dispose](): void {
    rmdirSync(this.path);
  }

  /** Processes leave it a moment after they end. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (let attempt = 0; attempt < 50; attempt++) {
      try {
        return this[Symbol.dispose]();
      } catch {
        await sleep(20);
      }
    }
    this[Symbol.dispose]();
  }
}
