/** A cgroup with a limit of memory, of whichever version has the controller. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

/** Exists while in use. */
export class MemoryCgroup implements AsyncDisposable {
  readonly folder: string;
  readonly #isFirst: boolean;

  /** @param limit - bytes that its processes may have, page cache included */
  constructor(limit: number) {
    const first = '/sys/fs/cgroup/memory';
    this.#isFirst = existsSync(first);
    this.folder = join(this.#isFirst ? first : '/sys/fs/cgroup', `libbpf-ts-${process.pid}`);
    if (!this.#isFirst) writeFileSync('/sys/fs/cgroup/cgroup.subtree_control', '+memory');
    mkdirSync(this.folder);
    writeFileSync(join(this.folder, this.#isFirst ? 'memory.limit_in_bytes' : 'memory.max'), `${limit}`);
  }

  enter(pid: number): void {
    writeFileSync(join(this.folder, 'cgroup.procs'), `${pid}`);
  }

  /** How many of its processes the kernel has killed for want of memory. */
  get kills(): number {
    const file = this.#isFirst ? 'memory.oom_control' : 'memory.events';
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync(join(this.folder, file), 'utf8'))?.[1]);
  }

  /** Its processes leave it a moment after they end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await expect.poll(() => readFileSync(join(this.folder, 'cgroup.procs'), 'utf8')).toBe('');
    rmdirSync(this.folder);
  }
}
