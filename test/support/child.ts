/** Other processes: scripts that end, crash or are killed, and commands that know better. */
import { execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs an ES module's text in a Node of its own, in this checkout. */
export function runScript(
  text: string,
  nodeOptions: readonly string[] = [],
  wrapper: readonly string[] = [],
): Promise<Ended> {
  const [command = process.execPath, ...args] = [...wrapper, process.execPath];
  return ended(command, [...args, ...nodeOptions, '--input-type=module', '-e', text]);
}

/** Runs a command to its end. */
export function ended(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: checkout, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const output = { stdout: '', stderr: '' };
    child.stdout?.on('data', chunk => (output.stdout += chunk));
    child.stderr?.on('data', chunk => (output.stderr += chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...output }));
  });
}

/** What bpftool prints as JSON. */
export function bpftool(...args: string[]): unknown {
  return JSON.parse(execFileSync('bpftool', ['-j', ...args], { encoding: 'utf8', maxBuffer: 1 << 30 }));
}

/** Waits until bpftool no longer finds a program or link: the kernel frees them a little after their last user. */
export async function untilGone(kind: 'prog' | 'link', id: string | number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const { code } = await ended('bpftool', [kind, 'show', 'id', String(id)]);
    if (code !== 0) return;
    await sleep(50);
  }
  throw new Error(`${kind} ${id} is still in the kernel`);
}

/** The folder that `libbpf-ts` resolves from. */
export const checkout = new URL('../..', import.meta.url).pathname;
