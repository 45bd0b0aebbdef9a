// What tools cost: the time of their BPF programs for each thing that they watch, beside libbpf-tools at the same time, with
// the same filter.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { oracleCommand } from '../../.setup/oracles.mjs';
import { enableStats, programs } from '../../dist/doors/inspect.js';
import { row, short } from './measure.mjs';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const times = short ? 20 : 20_000;

/**
 * What one thing is, what does it so often, how often that is, and the arguments where they are not `-p PID`.
 *
 * @type {Readonly<Record<string, { of: string, work: string, count?: number, args?: string[] }>>}
 */
const cases = {
  opensnoop: { of: 'open', work: `repeat(lambda: os.open('/no/such/file', 0))` },
  statsnoop: { of: 'stat', work: `repeat(lambda: os.stat('/no/such/file'))` },
  killsnoop: { of: 'kill', work: 'repeat(lambda: os.kill(os.getpid(), 0))' },
  syscount: { of: 'call', work: 'repeat(os.getppid)' },
  runqlat: { of: 'sleep', work: 'repeat(lambda: time.sleep(0.00001))' },
  cpudist: { of: 'sleep', work: 'repeat(lambda: time.sleep(0.00001))' },
  mountsnoop: { of: 'umount', work: `repeat(lambda: libc.umount2(b'/no/such/folder', 0))` },
  gethostlatency: { of: 'look-up', work: `repeat(lambda: socket.getaddrinfo('127.0.0.1', 80))` },
  tcplife: { of: 'connection', work: 'connections()', count: times / 20 },
};

const prelude = `
import ctypes, os, socket, sys, time
libc = ctypes.CDLL(None)
def repeat(act):
    for _ in range(${times}):
        try: act()
        except OSError: pass
def connections():
    listening = socket.create_server(('127.0.0.1', 0))
    for _ in range(${times / 20}):
        client = socket.create_connection(listening.getsockname()); one, _a = listening.accept()
        client.close(); one.recv(1); one.close()
print('ready', flush=True); sys.stdin.readline()
`;

export async function run() {
  const statistics = await enableStats();
  for (const [name, { of, work, count = times }] of Object.entries(cases)) {
    const child = spawn('python3', [
      '-S',
      '-c',
      `${prelude}${work}\nprint('done', flush=True); sys.stdin.readline()`,
    ]);
    await once(child.stdout, 'data');
    const args = ['-p', String(child.pid)];
    const ours = await started([process.execPath, main, name, '--json', ...args]);
    const theirs = await started(oracleCommand([`${name}-libbpf`, ...args]));
    // What else the machine does reaches their programs too, to be left out: only the time of the work is counted.
    const before = [await timeOf(ours.ids), await timeOf(theirs.ids)];
    child.stdin.write('\n');
    await once(child.stdout, 'data');
    const after = [await timeOf(ours.ids), await timeOf(theirs.ids)];
    const [own = 0, other = 0] = after.map((time, i) => time - (before[i] ?? 0));
    row(`${name}: ns for each ${of}`, own / count, 'ns', ['libbpf-tools', other / count]);
    child.stdin.end('\n');
    for (const tool of [ours, theirs]) await tool.stop();
  }
  await statistics.close();
}

/** Starts a tool; what programs came with it are its own. @param {readonly string[]} command */
async function started([file = '', ...args]) {
  const before = new Set((await allPrograms()).map(({ id }) => id));
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'ignore'] });
  let ids = /** @type {number[]} */ ([]);
  for (let same = 0; same < 4; await sleep(100)) {
    const now = (await allPrograms()).map(({ id }) => id).filter(id => !before.has(id));
    same = now.length > 0 && now.length === ids.length ? same + 1 : 0;
    ids = now;
  }
  const stop = async () => {
    const ended = once(child, 'close');
    child.kill('SIGINT');
    await ended;
  };
  return { ids, stop };
}

/** Nanoseconds of programs until now. @param {readonly number[]} ids */
async function timeOf(ids) {
  const own = (await allPrograms()).filter(({ id }) => ids.includes(id));
  return own.reduce((sum, { runTime }) => sum + Number(runTime), 0);
}

async function allPrograms() {
  const found = [];
  for await (const program of programs()) found.push(program);
  return found;
}
