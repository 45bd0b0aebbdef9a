/** Where calls go: a table for people, JSON lines for programs; what is no data goes to standard error. */
import type { Call } from './call.js';
import type { Options } from './options.js';
import { Table } from './table.js';

/** The counters in the kernel. */
interface Counters {
  readonly sent: bigint;
  readonly dropped: bigint;
  readonly untracked: bigint;
}

/** Prints calls and counts them. */
export class Printer {
  readonly #json: boolean;
  readonly #table: Table;
  #calls = 0;
  #failures = 0;

  constructor({ json, all, uid }: Options) {
    this.#json = json;
    this.#table = new Table({ users: all || uid !== undefined });
    // Whoever reads us may leave, as `head` does; the kernel detaches everything.
    process.stdout.on('error', () => process.exit());
  }

  print(text: string): 0 {
    process.stdout.write(text);
    return 0;
  }

  heading(): void {
    if (!this.#json) this.print(`${this.#table.heading()}\n`);
  }

  call(call: Call): void {
    this.#calls++;
    if (call.error !== undefined) this.#failures++;
    this.print(
      `${this.#json ? JSON.stringify(call) : this.#table.row(call, process.stdout.columns || Infinity)}\n`,
    );
  }

  /** Every event that the kernel's side counted was either printed or is lost. */
  summary({ sent, dropped, untracked }: Counters): void {
    const lost = dropped + sent - BigInt(this.#calls);
    const missing = untracked > 0n ? `; ${untracked} processes could not be followed` : '';
    const text = `${this.#calls} executions, ${this.#failures} of them failed; ${lost} lost${missing}; detached`;
    process.stderr.write(`${text}\n`);
  }
}
