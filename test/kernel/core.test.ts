/** Compile once, run everywhere: one object, the right values on every kernel, against /proc and the kernel's own BTF. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { core } from '../bpf/core.bpf.js';
import { callGetppid } from '../support/getppid.js';
import { need } from '../support/need.js';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
const path = join(folder, 'file');
let child: ChildProcess;
let fd = -1;

beforeAll(() => {
  child = spawn('sleep', ['1000'], { stdio: 'ignore' });
  writeFileSync(path, '');
  utimesSync(path, 1_000_000_000, 1_234_567_890.123456);
  fd = openSync(path, 'r');
});
afterAll(() => {
  child.kill('SIGKILL');
  closeSync(fd);
  rmSync(folder, { recursive: true });
});

/** What the object sees at this process's next system call. */
async function look() {
  const rodata = { target_pid: process.pid, child_pid: child.pid ?? 0, file_fd: fd };
  await using bpf = await core.load({ rodata });
  await bpf.attach();
  callGetppid(1);
  return { ...bpf.globals.bss };
}

/** A line of /proc/PID/status. */
function status(name: string): string {
  const text = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return text.match(new RegExp(`^${name}:\\s*(.*)$`, 'm'))?.[1] ?? '';
}

/** Lines of the kernel's BTF, as bpftool prints them. */
function kernelBtf(filter: string): string {
  const script = `bpftool btf dump file /sys/kernel/btf/vmlinux | ${filter}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' });
}

describe('one object, on every kernel,', () => {
  it('reads fields that have moved', async context => {
    need(context, 'raw_tp');
    const { child_tgid, child_parent, child_comm } = await look();
    expect({ child_tgid, child_parent, child_comm }).toEqual({
      child_tgid: Number(status('Tgid')),
      child_parent: Number(status('PPid')),
      child_comm: status('Name'),
    });
  });

  it('reads a field that has another name and another type', async context => {
    need(context, 'raw_tp');
    const { child_state, state_size } = await look();
    expect(status('State')).toBe('S (sleeping)');
    expect(child_state & 0xffn).toBe(1n); // TASK_INTERRUPTIBLE
    child.kill('SIGSTOP');
    await expect.poll(() => status('State')).toBe('T (stopped)');
    expect((await look()).child_state & 0xffn).toBe(4n); // __TASK_STOPPED
    child.kill('SIGCONT');
    const fields = kernelBtf(`sed -n "/STRUCT 'task_struct'/,/^\\[/p" | grep -E "'(__)?state'"`);
    expect(state_size).toBe(fields.includes('__state') ? 4 : 8);
  });

  it('reads a structure that has been taken apart', async context => {
    need(context, 'raw_tp');
    const { modified_seconds, modified_nanoseconds } = await look();
    const time = execFileSync('stat', ['--format=%.9Y', path], { encoding: 'utf8' }).trim();
    const [seconds = '', nanoseconds = ''] = time.split('.');
    expect(seconds).toBe('1234567890');
    expect({ modified_seconds, modified_nanoseconds }).toEqual({
      modified_seconds: BigInt(seconds),
      modified_nanoseconds: BigInt(nanoseconds),
    });
  });

  it('knows the number of an enumerator', async context => {
    need(context, 'raw_tp');
    const line = kernelBtf('grep -m1 "\'CPUHP_AP_ONLINE_DYN\'"');
    expect((await look()).dynamic_states).toBe(BigInt(line.match(/val=(\d+)/)?.[1] ?? -1));
  });
});
