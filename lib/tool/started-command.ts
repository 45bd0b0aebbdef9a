/** The command that a tool follows. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { warn } from '../command/output.js';

/** The living processes of a tree, by id: `filter_processes` of `FILTER_TASKS()`. */
export interface ProcessTree {
  keys(): Iterator<unknown>;
}

/** A command that runs, and what descends from it. */
export class StartedCommand {
  readonly #child: ChildProcess;
  /** Its exit code; 128 and the signal's number where a signal ended it, 127 where it could not be started. */
  readonly ended: Promise<number>;

  /** @param output - the descriptor for what it prints */
  constructor([file = '', ...args]: readonly string[], output: number) {
    this.#child = spawn(file, args, { stdio: ['inherit', output, 2] });
    this.ended = new Promise(resolve => {
      this.#child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
      this.#child.on('error', ({ message }) => {
        warn(`error: ${file} cannot be run: ${message}\n`);
        resolve(127);
      });
    });
  }

  /** Passes a signal on. */
  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits for the last process of the tree, where it is known: it may outlive the command. Answers the command's exit code. */
  async treeEnded(tree: ProcessTree | undefined, signal: AbortSignal): Promise<number> {
    const code = await this.ended;
    while (!signal.aborted && tree?.keys().next().done === false) await sleep(20);
    return code;
  }
}
