/** Whose work a profile is of: processes that do the same thing under different names, users, threads and parents. */
import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { type Profile, type StartProfileOptions, startProfile } from 'libbpf-ts/profile';
import { beforeAll, describe, expect, it } from 'vitest';
import { Cgroup } from '../support/cgroup.js';
import { Talker } from '../support/talker.js';
import { temporary } from '../support/temporary.js';

/** Its threads tell their numbers; each rests on a word, and its processes end then. */
const sleeper = `
import ctypes, os, sys, threading, time
nap = lambda: time.sleep(0.2)
ids = []
def work():
    ids.append(threading.get_native_id()); nap(); go.wait(); nap()
go = threading.Event()
threads = [threading.Thread(target=work) for _ in range(2)]
for each in threads: each.start()
time.sleep(0.1)
print(*ids, flush=True)
sys.stdin.readline()
go.set()
for each in threads: each.join()
print('done', flush=True)
sys.stdin.readline()
`;

beforeAll(() => {
  for (const name of ['sleep-one', 'sleep-two', 'longer-name-than-kernels-keep'])
    copyFileSync(execFileSync('which', ['sleep'], { encoding: 'utf8' }).trim(), temporary(name));
  execFileSync('chmod', ['755', temporary('sleep-one')]);
});

/** What slept, in milliseconds by process name. */
function slept({ stacks }: Profile): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { process, state, value } of stacks)
    if (state === 'sleep') sums[process] = (sums[process] ?? 0) + value / 1e6;
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, Math.round(sum / 100) * 100]));
}

async function during(options: StartProfileOptions, work: () => Promise<unknown>): Promise<Profile> {
  await using running = await startProfile({ mode: 'off-cpu', ...options });
  await work();
  return running.stop();
}

/** In a cgroup of their own, three sleepers. */
async function inCgroup(options: StartProfileOptions, ...prefix: string[]): Promise<Record<string, number>> {
  await using cgroup = new Cgroup();
  const names = ['sleep-one', 'sleep-two', 'longer-name-than-kernels-keep'];
  const run = () =>
    Promise.all(
      names.map((name, i) =>
        cgroup.run(undefined, 'env', ...(i === 0 ? prefix : []), temporary(name), '0.3'),
      ),
    );
  return slept(await during({ cgroup: cgroup.path, ...options }, run));
}

describe('a profile', () => {
  it('is narrowed to a name, whole or its beginning', async () => {
    expect(await inCgroup({})).toEqual({ 'sleep-one': 300, 'sleep-two': 300, 'longer-name-tha': 300 });
    expect(await inCgroup({ comm: 'sleep-one' })).toEqual({ 'sleep-one': 300 });
    expect(await inCgroup({ comm: 'sleep-*' })).toEqual({ 'sleep-one': 300, 'sleep-two': 300 });
    expect(await inCgroup({ comm: 'sleep' })).toEqual({});
    expect(await inCgroup({ comm: 'longer-name-than-kernels-keep' })).toEqual({ 'longer-name-tha': 300 });
  });

  it('is narrowed to a user', async () => {
    const prefix = ['setpriv', '--reuid=65534', '--clear-groups'];
    expect(await inCgroup({ uid: 65_534 }, ...prefix)).toEqual({ 'sleep-one': 300 });
    expect(await inCgroup({ uid: 0 }, ...prefix)).toEqual({ 'sleep-two': 300, 'longer-name-tha': 300 });
  });

  it('is of what fits several targets', async () => {
    await using program = await Talker.start(sleeper);
    await using cgroup = new Cgroup();
    const other = await during({ pid: program.pid, cgroup: cgroup.path }, () => program.ask('go'));
    expect(other.stacks).toEqual([]);
  });

  it('is narrowed to a thread', async () => {
    await using program = await Talker.start(sleeper);
    const [tid] = program.greeting.split(' ').map(Number);
    const found = await during({ pid: program.pid, ...(tid !== undefined && { tid }) }, () =>
      program.ask('go'),
    );
    const all = Object.values(slept(found)).reduce((sum, each) => sum + each, 0);
    expect(all).toBeGreaterThanOrEqual(200);
    expect(all).toBeLessThan(400);
  });

  it('is of what a process starts, and of what that starts, but not of itself', async () => {
    await using parent = await Talker.start(`
import subprocess, sys, time
print('ready', flush=True)
sys.stdin.readline()
before = subprocess.Popen(['${temporary('sleep-two')}', '0.5'])
print('begun', flush=True)
sys.stdin.readline()
time.sleep(0.2)
subprocess.run(['sh', '-c', '(exec ${temporary('sleep-one')} 0.3) & ${temporary('sleep-one')} 0.3; wait'])
before.wait()
print('done', flush=True)
sys.stdin.readline()
`);
    await parent.ask('begin');
    const found = await during({ startedBy: parent.pid }, () => parent.ask('go'));
    expect(slept(found)).toEqual({ 'sleep-one': 600 });
  });
});
