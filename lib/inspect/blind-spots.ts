/** Why /proc may not show all processes of the machine. */

import { readlinkSync } from 'node:fs';
import { systemText } from '../host/system-file.js';

/** The number of the first PID namespace, the same on every Linux. */
const firstPidNamespace = 'pid:[4026531836]';

/** A sentence for each reason. @param refused - how many processes were seen but not looked into */
export function blindSpots(refused: number): string[] {
  const spots: string[] = [];
  if (refused > 0)
    spots.push(`${refused} processes of others cannot be looked into; it takes CAP_SYS_PTRACE`);
  if (hidesOthers()) spots.push('/proc is mounted with hidepid: processes of others may be hidden');
  if (pidNamespace() !== firstPidNamespace)
    spots.push('this is a PID namespace of its own: processes outside of it are hidden');
  return spots;
}

function hidesOthers(): boolean {
  const mount = systemText('/proc/self/mounts')
    .split('\n')
    .findLast(line => line.split(' ')[1] === '/proc');
  return /hidepid=(?!0|off)/.test(mount ?? '');
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return firstPidNamespace;
  }
}
