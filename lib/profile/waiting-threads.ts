/** Threads that wait at this moment, by what /proc says of them. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame } from '../symbols/index.js';
import type { ProfileTarget } from './target.js';

/** A thread that is not on a CPU and could not run. */
export interface WaitingThread {
  readonly pid: number;
  readonly tid: number;
  readonly comm: string;
  /** Its state's bit in the kernel (`TASK_…` in include/linux/sched.h). */
  readonly state: number;
  /** The kernel's frames, the innermost first; none where its stack cannot be read (`/proc/PID/stack` in proc(5)). */
  readonly kernel: readonly Frame[];
}

/** Letters of proc_pid_stat(5) and the bits that they stand for. */
const states: Readonly<Record<string, number>> = { S: 1, D: 2, T: 4, t: 8, P: 64 };

/** Those of a process, a cgroup or all. What ends meanwhile is left out. */
export async function waitingThreads(target: ProfileTarget): Promise<WaitingThread[]> {
  const found: WaitingThread[] = [];
  for (const folder of await threadFolders(target)) {
    const thread = await readThread(folder).catch(() => undefined);
    if (thread && (await isWanted(thread, folder, target))) found.push(thread);
  }
  return found;
}

async function isWanted(
  thread: WaitingThread,
  folder: string,
  { tid, uid, comm }: ProfileTarget,
): Promise<boolean> {
  if (tid !== undefined && thread.tid !== tid) return false;
  if (comm !== undefined && !isNamed(thread.comm, comm)) return false;
  return uid === undefined || (await stat(folder).catch(() => undefined))?.uid === uid;
}

function isNamed(comm: string, wanted: string): boolean {
  return wanted.endsWith('*') ? comm.startsWith(wanted.slice(0, -1)) : comm === wanted.slice(0, 15);
}

/** Folders of threads in /proc. What a process starts from now on has none. */
async function threadFolders({ pid, cgroup, startedBy }: ProfileTarget): Promise<string[]> {
  if (startedBy !== undefined) return [];
  const known = cgroup === undefined ? undefined : await pidsBelow(cgroup);
  const pids = pid === undefined ? (known ?? (await names('/proc'))) : [`${pid}`];
  const wanted = pids.filter(each => known?.includes(each) ?? true);
  return (await Promise.all(wanted.map(each => foldersOf(`/proc/${each}/task`)))).flat();
}

async function foldersOf(folder: string): Promise<string[]> {
  return (await names(folder)).map(name => join(folder, name));
}

/** Names that are numbers. */
async function names(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).filter(name => /^\d+$/.test(name));
}

/** Processes of a cgroup and of all below it. */
async function pidsBelow(cgroup: string): Promise<string[]> {
  const entries = await readdir(cgroup, { withFileTypes: true }).catch(() => []);
  const own = await readFile(join(cgroup, 'cgroup.procs'), 'utf8').catch(() => '');
  const below = entries
    .filter(entry => entry.isDirectory())
    .map(entry => pidsBelow(join(cgroup, entry.name)));
  return [...own.split('\n').filter(Boolean), ...(await Promise.all(below)).flat()];
}

async function readThread(folder: string): Promise<WaitingThread | undefined> {
  const line = await readFile(join(folder, 'stat'), 'utf8');
  // The name may hold what divides the line, its end is the last bracket.
  const [, tid = '', comm = '', letter = ''] = /^(\d+) \((.*)\) (\S)/s.exec(line) ?? [];
  const state = states[letter];
  if (state === undefined) return undefined;
  const stack = await readFile(join(folder, 'stack'), 'utf8').catch(() => '');
  const pid = Number(folder.split('/')[2]);
  return { pid, tid: Number(tid), comm, state, kernel: parseKernelStack(stack) };
}

/** `[<0>] do_epoll_wait+0x5c5/0x7d0`, `[<0>] nf_hook+0x1/0x2 [nf_tables]`: a line for each frame. */
export function parseKernelStack(text: string): Frame[] {
  const lines = text.matchAll(/^\[<[^>]*>\] ([^\s+]+)\+0x([\da-f]+)\/\S+(?: (\[\S+\]))?$/gm);
  return [...lines].map(([, name = '', offset = '', module = '[kernel]']) => {
    return { address: 0n, kind: 'kernel', name, offset: Number.parseInt(offset, 16), module };
  });
}
