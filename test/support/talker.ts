/** A program that says something, and then answers each line with a line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export class Talker implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  /** What it said first. */
  greeting = '';

  private constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('no pipe');
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  /** Starts a Python program, or another command; resolves once it has said something. */
  static async start(
    python: string,
    [command = '', ...args]: readonly string[] = ['python3', '-c', python],
  ): Promise<Talker> {
    const talker = new Talker(command, args);
    talker.greeting = await talker.hear();
    return talker;
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Its answer to a line. */
  ask(line: string): Promise<string> {
    this.#child.stdin?.write(`${line}\n`);
    return this.hear();
  }

  /** What it says next by itself. */
  async hear(): Promise<string> {
    const { value } = await this.#lines.next();
    return String(value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}
