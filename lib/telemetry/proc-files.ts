/** Counters that the kernel keeps itself, in files of /proc and of cgroups. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BpfError } from '../errors/bpf-error.js';
import type { TelemetryScope } from './metric.js';

/** What files are read of. */
export interface FileOwner {
  readonly scope: TelemetryScope;
  /** Of a process. */
  readonly pid?: number;
  /** Of a cgroup, its folder and version. */
  readonly path?: string;
  readonly version?: 1 | 2;
}

/** Page faults until now. */
export interface Faults {
  readonly minor: bigint;
  readonly major: bigint;
}

/** The files of one owner, each read once for a reading. */
export class ProcFiles {
  readonly #owner: FileOwner;
  readonly #texts = new Map<string, string>();

  constructor(owner: FileOwner) {
    this.#owner = owner;
  }

  get scope(): TelemetryScope {
    return this.#owner.scope;
  }

  /** Of the cgroup's hierarchy. */
  get version(): 1 | 2 {
    return this.#owner.version ?? 2;
  }

  /** A line `NAME NUMBER` of a file of the cgroup. @throws BpfError where there is none */
  cgroup(file: string, name: string): bigint {
    return this.host(join(this.#owner.path ?? '', file), name);
  }

  /** The same of any file. */
  host(path: string, name: string): bigint {
    const [, number] = new RegExp(`^${name} (\\d+)$`, 'm').exec(this.#text(path)) ?? [];
    if (number !== undefined) return BigInt(number);
    throw new BpfError({ code: 'ENOENT', operation: `read ${path}`, reason: `it tells no ${name}` });
  }

  /** A counter of this process' network, of /proc/net/netstat: a line of names, and below it one of numbers. */
  network(name: string): bigint {
    const path = '/proc/self/net/netstat';
    const [names = [], numbers = []] = (this.#text(path).match(/^TcpExt: .*$/gm) ?? []).map(line =>
      line.split(' '),
    );
    const number = numbers[names.indexOf(name)];
    if (number !== undefined) return BigInt(number);
    throw new BpfError({ code: 'ENOENT', operation: `read ${path}`, reason: `it tells no ${name}` });
  }

  /** Of a process (proc_pid_stat(5)), of a cgroup, or of the machine. */
  faults(): Faults {
    if (this.scope === 'process') return this.#ofProcess();
    const [all, major] = ['pgfault', 'pgmajfault'].map(name => this.#count(name)) as [bigint, bigint];
    return { minor: all - major, major };
  }

  #count(name: string): bigint {
    if (this.scope === 'host') return this.host('/proc/vmstat', name);
    return this.cgroup('memory.stat', this.version === 1 ? `total_${name}` : name);
  }

  /** Fields 10 and 12 of its stat file; the second field may hold blanks. */
  #ofProcess(): Faults {
    const text = this.#text(`/proc/${this.#owner.pid}/stat`);
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { minor: BigInt(fields[7] ?? 0), major: BigInt(fields[9] ?? 0) };
  }

  #text(path: string): string {
    const known = this.#texts.get(path) ?? readText(path);
    this.#texts.set(path, known);
    return known;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code = 'EIO', errno } = cause as NodeJS.ErrnoException;
    throw new BpfError({ code, errno, operation: `read ${path}`, reason: 'it cannot be read', cause });
  }
}
