/** Which process a number means now. */
import { readFile } from 'node:fs/promises';

/** What stays the same for as long as a process lives. */
export interface ProcessIdentity {
  /** When it started, in ticks since the machine did: with the number it is the process's alone. */
  readonly startTime: string;
}

/** Undefined where there is no such process, or it has ended and is waited for. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name, in parentheses, may have parentheses and blanks itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, startTime] = [fields[0], fields[19]];
  return startTime === undefined || state === 'Z' || state === 'X' ? undefined : { startTime };
}

/** What `/proc/PID/status` tells of where a process writes its perf map. */
export interface ProcessOwner {
  /** Its effective user. */
  readonly uid: number;
  /** Its number as it sees it itself: in the innermost namespace of such numbers. */
  readonly ownPid: number;
}

/** Undefined where the process has ended. */
export async function readOwner(pid: number): Promise<ProcessOwner | undefined> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(text)?.[1];
  if (uid === undefined) return undefined;
  const [, own = String(pid)] = /^NSpid:.*?(\d+)$/m.exec(text) ?? [];
  return { uid: Number(uid), ownPid: Number(own) };
}
