// Shows the host's root to a guest, read-only, through virtiofs. Its mounts are in a namespace that ends with it.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { virtiofsd } from '../../.setup/packages.mjs';

/** virtiofsd cannot share read-only, so what it shares is: all that is mounted, one mount after the other. */
const shareReadOnly = `
  mount --rbind / "$1"
  while read -r _ target _; do
    case $target in "$1"*) mount -o remount,bind,ro "$target" ;; esac
  done < /proc/self/mounts 2> /dev/null
  exec "$2" --socket-path="$3" -o source="$1" -o cache=always --rlimit-nofile=0
`;

/**
 * @param {string} folder for the socket and the mounts
 * @returns {Promise<{ socket: string, process: import('node:child_process').ChildProcess }>}
 */
export async function shareRoot(folder) {
  const daemon = virtiofsd();
  if (daemon === undefined) throw new Error('virtiofsd is missing: apt-get install virtiofsd');
  const [root, socket] = [join(folder, 'root'), join(folder, 'socket')];
  mkdirSync(root);
  const script = ['sh', '-c', shareReadOnly, 'sh', root, daemon, socket];
  const process = spawnBound(
    ['unshare', '--mount', '--propagation', 'private', ...script],
    ['ignore', 'ignore', 'pipe'],
  );
  await untilThere(socket, process);
  return { socket, process };
}

/**
 * Starts a program that ends when this process ends, however that happens.
 *
 * @param {readonly string[]} command
 * @param {('ignore' | 'pipe')[]} stdio
 */
export function spawnBound(command, stdio) {
  return spawn('setpriv', ['--pdeathsig', 'KILL', ...command], { stdio, detached: true });
}

/**
 * @param {string} socket
 * @param {import('node:child_process').ChildProcess} process
 */
async function untilThere(socket, process) {
  let said = '';
  process.stderr?.on('data', text => {
    said += text;
  });
  for (let attempt = 0; attempt < 200; attempt++) {
    if (existsSync(socket)) return;
    if (process.exitCode !== null) break;
    await sleep(50);
  }
  process.kill('SIGKILL');
  throw new Error(`virtiofsd did not start: ${said.trim().split('\n').at(-1)}`);
}
