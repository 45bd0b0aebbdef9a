/** `libbpf-ts metrics`: scraped as Prometheus does it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkout, ended } from '../support/child.js';
import { Watched, Workload } from '../support/tool-runs.js';

const main = join(checkout, 'dist/cli/main.js');

/** Starts it at a free port; gives its address. */
async function started(...args: readonly string[]): Promise<{ exporter: Watched; address: string }> {
  const exporter = new Watched(spawn(process.execPath, [main, 'metrics', '-l', '127.0.0.1:0', ...args]));
  await exporter.says(/at http\S+\n|error/);
  return { exporter, address: /at (http\S+)/.exec(exporter.stdout)?.[1] ?? '' };
}

it('serves what a process did, and ends at once', async () => {
  await using workload = await Workload.start('for _ in range(500): os.getppid()');
  const { exporter, address } = await started('-p', `${workload.pid}`, '-c', 'syscalls', '-c', 'cpu');
  expect(exporter.stdout).toMatch(`metrics of process ${workload.pid} at http://127.0.0.1:`);
  expect(exporter.stderr).toMatch(
    /^not observed: kernel.cpu.throttled.time: bandwidth is limited by cgroup/m,
  );
  await workload.work();
  const response = await fetch(address);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  expect(text).toContain('kernel_syscall_duration_seconds_count{syscall="getppid"} 500\n');
  expect(text).not.toContain('kernel_file_opens_total');
  expect((await fetch(new URL('/', address))).status).toBe(404);
  expect(await exporter.stop()).toBe(0);
});

it.each([
  [['-p', '1', '--cgroup', '/sys/fs/cgroup'], 2, 'it takes one of --pid, --cgroup and --container'],
  [['-p', 'x'], 2, '--pid takes the number of a process, not x'],
  [['--listen', 'nowhere'], 2, '--listen takes ADDRESS:PORT, as 127.0.0.1:9435, not nowhere'],
  [['--listen', '127.0.0.1:99999'], 2, '--listen takes ADDRESS:PORT'],
  [['-p', '4194305'], 1, 'observe process 4194305: ESRCH'],
  [['-p', `${process.pid}`, '-c', 'memory', '--listen', '192.0.2.1:0'], 2, 'it cannot listen'],
  [['-p', `${process.pid}`, '-c', 'cpus'], 1, 'there is no such collector'],
])('%j is refused', async (args, code, message) => {
  const refused = await ended(process.execPath, [main, 'metrics', ...args]);
  expect(refused.stderr).toContain(message);
  expect(refused.code).toBe(code);
});
