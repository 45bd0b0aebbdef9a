/** A cgroup of a test's own, in the v2 tree wherever that is mounted. It goes with its test. */
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Ended, ended } from './child.js';
import type { Namespace } from './network.js';

let count = 0;

/** Where cgroup v2 is, by the mount table. */
export const cgroupRoot =
  /^\S+ (\S+) cgroup2 /m.exec(readFileSync('/proc/self/mounts', 'utf8'))?.[1] ?? 'no cgroup v2';

export class Cgroup implements AsyncDisposable {
  readonly path: string;

  constructor(parent = cgroupRoot) {
    this.path = `${parent}/ts-${process.pid}-${count++}`;
    mkdirSync(this.path);
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

  /** Processes leave it a moment after they end. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (let attempt = 0; attempt < 50; attempt++) {
      try {
        return rmdirSync(this.path);
      } catch {
        await sleep(20);
      }
    }
    rmdirSync(this.path);
  }
}
