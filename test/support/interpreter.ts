/** A Python that runs one program after the other in a cgroup and a network namespace, each in a child of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Cgroup } from './cgroup.js';
import type { Namespace } from './network.js';

const loop = `
import json, os, sys
for line in sys.stdin:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writer, 1)
        exec(json.loads(line), {})
        sys.stdout.flush()
        os._exit(0)
    os.close(writer)
    text = open(reader).read().strip()
    code = os.waitpid(child, 0)[1]
    print(json.dumps([code, text]), flush=True)
`;

export class Interpreter implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor(cgroup: Cgroup, namespace: Namespace) {
    const enter = 'echo $$ > "$0/cgroup.procs" && exec nsenter "--net=$1" python3 -c "$2"';
    const args = ['-c', enter, cgroup.path, namespace.path, loop];
    this.#child = spawn('sh', args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('no pipe');
    this.#answers = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  /** What a program prints. */
  async run(program: string): Promise<string> {
    this.#child.stdin?.write(`${JSON.stringify(program)}\n`);
    const { value } = await this.#answers.next();
    const [code, text] = JSON.parse(value) as [number, string];
    if (code !== 0) throw new Error(`the program ended with ${code}`);
    return text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}
