/** Networks of a test's own: namespaces, veth pairs between them, and servers in them. All of it goes with its test. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { type Ended, ended } from './child.js';

let count = 0;

/** A network namespace, with its loopback up. */
export class Namespace implements Disposable {
  readonly name = `ts-${process.pid}-${count++}`;
  /** What stands for it in the file system. */
  readonly path = `/run/netns/${this.name}`;
  readonly #children = new Set<ChildProcess>();
  readonly #remove = () => this[Symbol.dispose]();
  #removed = false;

  constructor() {
    ip('netns', 'add', this.name);
    process.on('exit', this.#remove);
    this.ip('link set lo up');
  }

  /** Runs lines of `ip` in here, all in one process: each takes a guest a tenth of a second. */
  ip(...lines: string[]): void {
    execFileSync('ip', ['-n', this.name, '-batch', '-'], {
      input: lines.join('\n'),
      stdio: ['pipe', 'ignore', 'pipe'],
    });
  }

  /** Runs a command in here, to its end. */
  run(command: string, ...args: string[]): Promise<Ended> {
    return ended('nsenter', [`--net=${this.path}`, command, ...args]);
  }

  /** How many of `times` pings are answered, the last within so many seconds. */
  async ping(address: string, times: number, seconds = 2): Promise<number> {
    const { stdout } = await this.run('ping', '-c', `${times}`, '-i', '0.02', '-W', `${seconds}`, address);
    return Number(/(\d+) received/.exec(stdout)?.[1] ?? Number.NaN);
  }

  /** Resolves once a ping is answered: new interfaces and unknown addresses take the kernel a while. */
  async reach(address: string): Promise<void> {
    for (let attempt = 0; attempt < 50; attempt++) if ((await this.ping(address, 1, 0.2)) === 1) return;
    throw new Error(`${address} does not answer`);
  }

  /** A Python program that runs until the namespace goes; resolves once it has printed a line. */
  async start(program: string): Promise<string> {
    const child = spawn('nsenter', [`--net=${this.path}`, 'python3', '-c', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#children.add(child);
    return new Promise((resolve, reject) => {
      child.stdout.once('data', line => resolve(String(line).trim()));
      child.once('exit', code => reject(new Error(`the server ended with ${code}`)));
    });
  }

  /** HTTP on ports, that answers every request with the port's number. */
  serve(...ports: readonly number[]): Promise<string> {
    return this.start(httpServer(ports));
  }

  [Symbol.dispose](): void {
    if (this.#removed) return;
    this.#removed = true;
    process.off('exit', this.#remove);
    for (const child of this.#children) {
      child.removeAllListeners('exit');
      child.kill('SIGKILL');
    }
    ip('netns', 'del', this.name);
  }
}

/** Two namespaces with a cable between them: 10.77.0.1 and 10.77.0.2, both ends called `cable`. */
export class Cable implements Disposable {
  readonly left = new Namespace();
  readonly right = new Namespace();

  constructor() {
    const up = (address: string) => [`address add ${address}/24 dev cable`, 'link set cable up'];
    const add = `link add cable type veth peer name cable netns ${this.right.name}`;
    this.left.ip(add, ...up('10.77.0.1'));
    this.right.ip(...up('10.77.0.2'));
  }

  /** The right end, as `attach()` wants it. */
  get end() {
    return { interface: 'cable', netns: this.right.path };
  }

  /** Pings from left to right: how many of them were answered. */
  ping(times = 3): Promise<number> {
    return this.left.ping('10.77.0.2', times);
  }

  /** The same of pings that nobody should answer: it waits for little. */
  blocked(times = 3): Promise<number> {
    return this.left.ping('10.77.0.2', times, 0.2);
  }

  [Symbol.dispose](): void {
    this.left[Symbol.dispose]();
    this.right[Symbol.dispose]();
  }
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Python's own server takes seconds to start on a slow machine. */
function httpServer(ports: readonly number[]): string {
  return `
import select, socket
servers = [socket.socket() for _ in range(${ports.length})]
for server, port in zip(servers, ${JSON.stringify(ports)}):
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(('127.0.0.1', port))
    server.listen()
print('ready', flush=True)
while True:
    for server in select.select(servers, [], [])[0]:
        connection, _ = server.accept()
        connection.recv(1000)
        connection.send(b'HTTP/1.0 200 OK\\r\\n\\r\\n%d' % server.getsockname()[1])
        connection.close()
`;
}
