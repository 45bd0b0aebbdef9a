/** The command of `-c`: it stands still until all is attached. */
import { type ChildProcess, spawn } from 'node:child_process';
import { BpfError } from '../../index.js';

/** A command that waits. */
export interface Child {
  readonly pid: number;
  /** Once it has ended. */
  readonly ended: Promise<void>;
  go(): void;
  end(): void;
}

/** The shell stops itself, and becomes the command when it is told to go on. */
export function startChild(command: string): Child {
  const child = spawn('/bin/sh', ['-c', `kill -STOP $$; exec ${command}`], { stdio: 'inherit' });
  const { pid } = child;
  if (pid === undefined)
    throw new BpfError({ code: 'ENOENT', operation: `start ${command}`, reason: 'there is no /bin/sh' });
  return { pid, ended: endOf(child), go: () => child.kill('SIGCONT'), end: () => end(child) };
}

function endOf(child: ChildProcess): Promise<void> {
  return new Promise(resolve => child.once('exit', () => resolve()));
}

function end(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  child.kill('SIGCONT');
}
