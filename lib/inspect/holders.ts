/** Which processes hold what, by the descriptors that /proc shows. */

import { readdir, readFile, readlink } from 'node:fs/promises';
import { systemFileError } from '../host/system-file.js';
import { failed } from '../native/errno.js';
import { type DescriptorKind, kindOfTarget, numberIn } from '../native/fdinfo.js';
import { native } from '../native/native.js';
import { blindSpots } from './blind-spots.js';
import { type Probe, probeOf } from './probe.js';

/** What descriptors can be of; a `perf_event` is one that runs a program without a link. */
export type HeldKind = DescriptorKind | 'perf_event';

/** One descriptor of one process. */
export interface Holder {
  readonly kind: HeldKind;
  /** Its id; of a perf event that of its program. */
  readonly id: number;
  readonly pid: number;
  /** The process's name: 15 characters (`comm` in proc_pid_comm(5)). */
  readonly comm: string;
  readonly fd: number;
  /** What a perf event is at. */
  readonly probe?: Probe;
}

/** What {@link holders} finds. */
export interface Holders {
  readonly holdings: readonly Holder[];
  /** Why there may be more, a sentence each; empty where all was seen. */
  readonly hidden: readonly string[];
}

/** The link of a perf event's descriptor in /proc (perf_event_open() in kernel/events/core.c). */
const perfEvent = 'anon_inode:[perf_event]';

/**
 * Looks through the descriptors of all processes, off the main thread. What is held by a pin, an attachment, or another
 * program alone is held by no process.
 *
 * @example
 * ```ts
 * const { holdings, hidden } = await holders();
 * for (const { kind, id, pid, comm } of holdings) console.log(`${kind} ${id}: ${comm} (${pid})`);
 * for (const reason of hidden) console.warn(reason);
 * ```
 *
 * @throws BpfError with the errno's name where /proc cannot be read
 */
export async function holders(): Promise<Holders> {
  const names = await readdir('/proc').catch(cause => {
    throw systemFileError('/proc', cause);
  });
  const pids = names.map(Number).filter(pid => pid > 0);
  const holdings: Holder[] = [];
  let refused = 0;
  for (const pid of pids) {
    const held = await heldBy(pid);
    if (held === 'refused') refused++;
    else holdings.push(...held);
  }
  return { holdings, hidden: blindSpots(refused) };
}

/** So many descriptors are looked at together. */
const together = 32;

/** A process that ends meanwhile holds nothing. */
async function heldBy(pid: number): Promise<readonly Holder[] | 'refused'> {
  try {
    const fds = (await readdir(`/proc/${pid}/fd`)).map(Number);
    const held: Held[] = [];
    for (let at = 0; at < fds.length; at += together) {
      const some = await Promise.all(fds.slice(at, at + together).map(fd => heldAs(pid, fd)));
      held.push(...some.filter(each => each !== undefined));
    }
    if (held.length === 0) return [];
    const comm = (await readFile(`/proc/${pid}/comm`, 'utf8')).trimEnd();
    return held.map(each => ({ ...each, pid, comm }));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (forbidden.includes(code)) return 'refused';
    if (gone.includes(code)) return [];
    throw systemFileError(`/proc/${pid}`, error);
  }
}

type Held = Omit<Holder, 'pid' | 'comm'>;

/** Undefined for what is none of BPF's, what is closed by now, and a perf event that runs no program. */
async function heldAs(pid: number, fd: number): Promise<Held | undefined> {
  const link = await readlink(`/proc/${pid}/fd/${fd}`).catch(whenGone);
  const kind = kindOfTarget(link);
  if (kind !== undefined) return numbered(pid, fd, kind);
  return link === perfEvent ? probing(pid, fd) : undefined;
}

async function numbered(pid: number, fd: number, kind: DescriptorKind): Promise<Held | undefined> {
  const id = numberIn(await readFile(`/proc/${pid}/fdinfo/${fd}`, 'utf8').catch(whenGone), kind);
  return id === undefined ? undefined : { kind, id, fd };
}

async function probing(pid: number, fd: number): Promise<Held | undefined> {
  const [answer] = await native().taskFdQuery(pid, fd);
  return failed(answer) ? undefined : { kind: 'perf_event', ...probeOf(answer), fd };
}

/** Nothing of a descriptor that was closed; what is not allowed is not allowed for the whole process. */
function whenGone(error: NodeJS.ErrnoException): string {
  if (!gone.includes(error.code ?? '')) throw error;
  return '';
}

const forbidden = ['EACCES', 'EPERM'];
/** What /proc says of a process or descriptor that has ended meanwhile. */
const gone = ['ENOENT', 'ESRCH', 'EINVAL', 'ENOTDIR'];
