/** What a process has not finished bears its number, so that what a killed one left can be told and removed. */
import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const ending = '.partial';

/** The beginning of a folder's name, for mkdtemp(3), below which this process works. */
export function workFolder(folder: string): string {
  return join(folder, `libbpf-ts-${owner()}-`);
}

/** A name beside a file, for what is to replace it. */
export function partialOf(path: string): string {
  return `${path}.${owner()}-${randomUUID().slice(0, 8)}${ending}`;
}

/** Removes what killed processes left of {@link workFolder} in a folder. */
export async function removeWorkFolders(folder: string): Promise<void> {
  await removeOfDead(folder, name => /^libbpf-ts-(\d+)-(\d+)-\w+$/.exec(name));
}

/** Removes what killed processes left of {@link partialOf} a path. */
export async function removePartials(path: string): Promise<void> {
  const start = `${basename(path)}.`;
  await removeOfDead(dirname(path), name => {
    return name.startsWith(start) ? /^(\d+)-(\d+)-\w+\.partial$/.exec(name.slice(start.length)) : null;
  });
}

type Owned = (name: string) => RegExpExecArray | null;

/** Best effort: what cannot be removed, as of another user, stays. */
async function removeOfDead(folder: string, owned: Owned): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const [, space, pid] = owned(name) ?? [];
    if (pid === undefined || Number(space) !== pidNamespace() || isAlive(Number(pid))) continue;
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => {});
  }
}

/** Numbers of processes are unique in their PID namespace; a folder may be shared by several. */
function owner(): string {
  return `${pidNamespace()}-${process.pid}`;
}

/** The inode that `pid:[4026531836]` names; 0 where there are no such namespaces. */
function pidNamespace(): number {
  try {
    return Number(/\d+/.exec(readlinkSync('/proc/self/ns/pid')));
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
