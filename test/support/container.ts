/** A real container, by runc: with pid, mount and cgroup namespaces of its own, and the programs of this machine. */
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { seconds } from './time.js';

/** Runs while in use. */
export class Container implements AsyncDisposable {
  /** 64 hexadecimal digits, as engines draw them. */
  readonly id = randomBytes(32).toString('hex');
  readonly cgroup: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));

  private constructor(parent: string) {
    this.cgroup = `/${parent}/${this.id}`;
  }

  /** @param command - with what is in /usr */
  static async start(command: readonly string[], parent = 'docker'): Promise<Container> {
    const container = new Container(parent);
    container.#describe(command);
    const child = spawn('runc', ['run', '--bundle', container.#folder, container.id], { stdio: 'inherit' });
    container.#ended = new Promise(resolve => child.once('close', resolve));
    await expect.poll(() => container.#state()?.status, { timeout: seconds(10) }).toBe('running');
    return container;
  }

  #ended: Promise<unknown> = Promise.resolve();

  /** The number of its first process outside. */
  get pid(): number {
    return this.#state()?.pid ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      execFileSync('runc', ['delete', '--force', this.id]);
      await this.#ended;
    } finally {
      rmSync(this.#folder, { recursive: true });
    }
  }

  #state(): { status: string; pid: number } | undefined {
    try {
      return JSON.parse(execFileSync('runc', ['state', this.id], { stdio: 'pipe' }).toString());
    } catch {
      return undefined;
    }
  }

  /** runc's own description of a container, with this machine's programs, and without what takes CAP_SYS_RESOURCE. */
  #describe(args: readonly string[]): void {
    execFileSync('runc', ['spec'], { cwd: this.#folder });
    const file = join(this.#folder, 'config.json');
    const spec = JSON.parse(readFileSync(file, 'utf8'));
    const root = join(this.#folder, 'rootfs');
    mkdirSync(join(root, 'usr'), { recursive: true });
    for (const name of ['bin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, join(root, name));
    spec.process = { ...spec.process, terminal: false, args, rlimits: [] };
    spec.mounts.push({ destination: '/usr', source: '/usr', type: 'bind', options: ['rbind', 'ro'] });
    spec.linux.cgroupsPath = this.cgroup;
    writeFileSync(file, JSON.stringify(spec));
  }
}
