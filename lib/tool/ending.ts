/** When a tool ends: by a signal, after a time, with its command, or when it has shown enough. */
import { constants } from 'node:os';
import type { ProcessTree, StartedCommand } from './started-command.js';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** The end, while it is in use. A second signal ends the process as usual. */
export class Ending implements Disposable {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #command: StartedCommand | undefined;
  /** What the tool's process answers. */
  exitCode = 0;

  /** @param limit - milliseconds; absent for no limit */
  constructor(limit: number | undefined) {
    for (const signal of signals) process.once(signal, this.#interrupt);
    // Nothing else may keep the process alive.
    this.#timer = setTimeout(() => this.now(), limit ?? 2 ** 31 - 1);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends it. */
  now(): void {
    this.#controller.abort();
  }

  /** Ends with a command and all that descends from it. */
  with(command: StartedCommand, tree: ProcessTree | undefined): void {
    this.#command = command;
    command.treeEnded(tree, this.signal).then(code => {
      if (!this.signal.aborted) this.exitCode = code;
      this.now();
    });
  }

  /** A terminal's Ctrl-C reaches the command too; other signals are passed on to it. */
  readonly #interrupt = (signal: NodeJS.Signals): void => {
    if (this.#command !== undefined) {
      this.#command.kill(signal);
      this.exitCode = 128 + constants.signals[signal];
    }
    this.now();
    this[Symbol.dispose]();
  };

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const signal of signals) process.off(signal, this.#interrupt);
  }
}
