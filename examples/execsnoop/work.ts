/** What is followed: a command of the user's, or a small workload of our own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';

/** A few commands: some fail, one has many arguments, one outlives its parent. */
const workload = `
  uname -sr
  ls -l 'no such file'
  env GREETING=hello sh -c 'echo $GREETING'
  /no/such/command --with arguments
  /dev/null
  /bin/echo 'two
lines' 'naïve café'
  /bin/true $(seq 150)
  (sleep 0.2; date +%s) &
`;

/** A running command. */
export interface Work {
  /** Its exit code; 128 and the signal's number if a signal ended it, 127 if it could not be started. */
  readonly ended: Promise<number>;
  /** Passes a signal on. */
  kill(signal: NodeJS.Signals): void;
}

/** Starts the small workload; its output is not what this is about. */
export function startWorkload(): Work {
  const env = { ...process.env, PATH: '/usr/bin:/bin' };
  const child = spawn('/bin/sh', { env, stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.end(workload);
  return workOf(child, '/bin/sh');
}

/** Starts the user's command with our own terminal; with JSON on standard output, its own goes to standard error. */
export function startCommand([file = '', ...args]: readonly string[], json: boolean): Work {
  return workOf(spawn(file, args, { stdio: ['inherit', json ? 2 : 1, 2] }), file);
}

/** However we end, the command does not go on without us. */
function workOf(child: ChildProcess, file: string): Work {
  process.on('exit', () => child.kill());
  const ended = new Promise<number>(resolve => {
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
    child.on('error', error => {
      process.stderr.write(`error: ${file} cannot be run: ${error.message}\n`);
      resolve(127);
    });
  });
  return { ended, kill: signal => void child.kill(signal) };
}
