/** Processes by the ids that programs see: what /proc says of the living, and of what has ended what it said. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupId } from 'libbpf-ts';
import { containerOf } from 'libbpf-ts/containers';
import { watchProcesses } from 'libbpf-ts/processes';
import { describe, expect, it } from 'vitest';
import { Cgroup, cgroupRoot } from '../support/cgroup.js';
import { Container } from '../support/container.js';
import { seconds } from '../support/time.js';
import { Workload } from '../support/tool-runs.js';

/** What /proc says of a process: proc_pid_status(5). */
function statusOf(pid: number) {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const line = (name: string) => (new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)?.[1] ?? '').split('\t');
  const [, namespace] = /\[(\d+)\]/.exec(readlinkSync(`/proc/${pid}/ns/pid`)) ?? [];
  return {
    parent: Number(line('PPid')[0]),
    namespacePid: Number(line('NSpid').at(-1)),
    pidNamespace: Number(namespace),
  };
}

/** Field 22 of proc_pid_stat(5), as clock ticks after boot: 100 a second. */
function startOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[19]) * 10;
}

describe('a container', () => {
  it('has its ids inside, and its name, when its processes have ended too', async () => {
    await using processes = await watchProcesses({ tree: process.pid });
    let pid: number;
    let before: ReturnType<typeof processes.at>;
    {
      await using container = await Container.start(['sleep', '60']);
      pid = container.pid;
      before = processes.at(pid);
      const { namespacePid, pidNamespace } = statusOf(pid);
      expect(before).toMatchObject({ pid, namespacePid, pidNamespace, container: containerOf(pid) });
      expect(before?.cgroup).toBe(cgroupId(join(cgroupRoot(), container.cgroup)));
      expect([namespacePid, before?.container?.id]).toEqual([1, container.id]);
    }
    expect(processes.at(pid)).toEqual(before);
    expect(processes.lost).toBe(0);
  });
});

describe('processes', () => {
  it('are what /proc says of them, those that were there before', async () => {
    await using workload = await Workload.start('');
    await using processes = await watchProcesses({ tree: workload.pid });
    const { pid } = workload;
    const { container, cgroup, started, ...identity } = processes.at(pid) ?? {};
    expect(identity).toEqual({ pid, ...statusOf(pid) });
    expect([container, cgroup]).toEqual([undefined, cgroupId(cgroupRoot())]);
    // Boot was between these two: /proc/uptime is cut to a hundredth of a second.
    const now = Date.now();
    const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000;
    const [earliest, latest] = [now - uptime - 10, Date.now() - uptime];
    expect(started?.getTime()).toBeGreaterThanOrEqual(earliest + startOf(pid) - 1);
    expect(started?.getTime()).toBeLessThanOrEqual(latest + startOf(pid) + 11);
    expect(processes.at(1)).toBeUndefined();
  });

  it('are known, a thousand that end at once, with the parent that they had', async () => {
    await using workload = await Workload.start(`
for _ in range(1000):
    child = os.fork()
    if child == 0: os._exit(0)
    os.waitpid(child, 0); print('child', child, flush=True)
`);
    await using processes = await watchProcesses({ tree: workload.pid });
    await workload.work();
    const children = Array.from(workload.stdout.matchAll(/child (\d+)/g), ([, pid]) => Number(pid));
    expect(children).toHaveLength(1000);
    expect(new Set(children.map(pid => processes.at(pid)?.parent))).toEqual(new Set([workload.pid]));
    expect(processes.lost).toBe(0);
  });

  it('have the id that they know themselves by, in namespaces in namespaces', async () => {
    await using processes = await watchProcesses({ tree: process.pid });
    const text = 'echo "$$ $(readlink /proc/self/ns/pid)"; read -r line';
    const nested = ['--pid', '--fork', '--mount-proc', 'unshare', '--pid', '--fork', '--mount-proc'];
    const child = spawn('unshare', [...nested, 'sh', '-c', text]);
    const [said] = await once(child.stdout, 'data');
    const [, own, namespace] = /^(\d+) pid:\[(\d+)\]/.exec(String(said)) ?? [];
    const inner = deepest(child.pid ?? 0);
    child.stdin.end('\n');
    await once(child, 'close');
    expect(processes.at(inner)).toMatchObject({
      namespacePid: Number(own),
      pidNamespace: Number(namespace),
    });
    expect(Number(own)).toBe(1);
  });

  it('are where they went, and others are left out', async () => {
    await using cgroup = new Cgroup();
    await using inside = await Workload.start('');
    await using outside = await Workload.start('');
    await using processes = await watchProcesses({ cgroup: cgroup.path });
    expect(processes.at(inside.pid)).toBeUndefined();
    inside.enter(cgroup);
    expect(processes.at(inside.pid)).toMatchObject({
      cgroup: cgroupId(cgroup.path),
      ...statusOf(inside.pid),
    });
    inside.enter({ path: cgroupRoot() });
    expect(processes.at(inside.pid)?.cgroup).toBe(cgroupId(cgroupRoot()));
    expect(processes.at(outside.pid)).toBeUndefined();
  });

  it('are found again where others took their room', async () => {
    const text = `
for _ in range(600):
    child = os.fork()
    if child == 0: os._exit(0)
    os.waitpid(child, 0)
`;
    await using workload = await Workload.start(text);
    await using processes = await watchProcesses({ tree: workload.pid, maxProcesses: 64 });
    await workload.work();
    await expect.poll(() => processes.at(workload.pid)?.pid, { timeout: seconds(5) }).toBe(workload.pid);
  });
});

/** The last process of a line of only children. */
function deepest(pid: number): number {
  const child = execFileSync('sh', ['-c', `ps -o pid= --ppid ${pid} || true`], { encoding: 'utf8' });
  return child.trim() === '' ? pid : deepest(Number(child));
}

describe('what cannot be watched', () => {
  it.each<[string, object, string, string]>([
    ['a process that is not there', { tree: 4_194_303 }, 'ESRCH', 'there is no such process'],
    ['no process', { tree: -1 }, 'ERR_BPF_ARGUMENT', 'tree is an integer from 0 to 4194304, not -1'],
    ['process 0', { tree: 0 }, 'ERR_BPF_ARGUMENT', 'tree is at least 1'],
    ['room for none', { maxProcesses: 0 }, 'ERR_BPF_ARGUMENT', 'maxProcesses is at least 1'],
    ['a folder that is not there', { cgroup: '/no/such' }, 'ENOENT', 'there is no such folder to be read'],
    ['a folder that is no cgroup', { cgroup: '/proc' }, 'EBADF', 'it is no folder of a cgroup'],
    ['a cgroup by number', { cgroup: 7n }, 'ERR_BPF_ARGUMENT', 'cgroup is a folder, not 7'],
    ['what is no option', { pid: 1 }, 'ERR_BPF_ARGUMENT', 'there is no option pid'],
    ['a controller that is not mounted', { controller: 'x' }, 'ENOENT', 'of controller x are not mounted'],
  ])('%s', async (_, options, code, reason) => {
    const error = await watchProcesses(options).catch(error => error);
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(reason)]);
  });

  it('is said after the end of the watch', async () => {
    const processes = await watchProcesses({ tree: process.pid });
    expect(() => processes.at(1.5)).toThrow('pid is an integer from 0 to 4294967295, not 1.5');
    await processes.close();
    expect(() => processes.at(process.pid)).toThrow('ERR_BPF_CLOSED, the watch has ended');
    expect(() => processes.lost).toThrow('ERR_BPF_CLOSED, the watch has ended');
  });
});
