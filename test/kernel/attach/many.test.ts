/** Kinds of tracing that few kernels have all of, each with options, each counted against calls of this process. */
import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import type { LoadedObject } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { many } from '../../bpf/many.bpf.js';
import { Cgroup } from '../../support/cgroup.js';
import { makeFolder } from '../../support/file-calls.js';
import { callGetppid } from '../../support/getppid.js';
import { need } from '../../support/need.js';

type Name = keyof LoadedObject<typeof many.description>['programs'];

/** Only these programs loaded. */
async function only(...names: readonly Name[]) {
  const opened = await many.open({ rodata: { target_pid: process.pid } });
  for (const name of names) opened.programs[name].autoload = true;
  return opened.load();
}

/** Makes two folders and removes them; in memory, where no file system stands on another and calls are not doubled. */
const makeTwo = () => makeFolder('many', 0o700, '/dev/shm');
const binary = process.execPath;

describe('kprobe.multi', () => {
  it('takes names or addresses, with a cookie for each', async context => {
    need(context, 'kprobe.multi');
    await using bpf = await only('kernel_functions', 'kernel_returns');
    const functions = ['security_inode_mkdir', 'security_inode_rmdir'];
    const link = await bpf.programs.kernel_functions.attach({ functions, cookies: [5n, 6n] });
    await bpf.programs.kernel_returns.attach({ pattern: 'security_inode_mkdi?' });
    makeTwo();
    expect(bpf.globals.bss).toMatchObject({ entries: 4n, cookie: 6n, returns: 2n });
    await link.detach();
    makeTwo();
    expect(bpf.globals.bss).toMatchObject({ entries: 4n, returns: 4n });
    const [, address] =
      / ?([0-9a-f]+) . security_inode_mkdir$/m.exec(readFileSync('/proc/kallsyms', 'utf8')) ?? [];
    await bpf.programs.kernel_functions.attach({ addresses: [BigInt(`0x${address}`)], cookies: [9n] });
    makeTwo();
    expect(bpf.globals.bss).toMatchObject({ entries: 6n, cookie: 9n });
  });

  it('says which function is not there, and what does not fit', async context => {
    need(context, 'kprobe.multi');
    await using bpf = await only('kernel_functions');
    const { kernel_functions } = bpf.programs;
    await expect(kernel_functions.attach({ functions: ['no_such_function'] })).rejects.toMatchObject({
      message: expect.stringContaining('no_such_function'),
    });
    const uneven = kernel_functions.attach({ functions: ['security_inode_mkdir'], cookies: [1n, 2n] });
    await expect(uneven).rejects.toThrow(
      /: ERR_BPF_ARGUMENT, there are 2 cookies for 1 place \(give one for each/,
    );
    const none = kernel_functions.attach({} as { pattern: string });
    await expect(none).rejects.toThrow(/does not say functions as `tcp_\*`.*pattern/);
  });
});

describe('kprobe.session', () => {
  it('runs at both ends', async context => {
    need(context, 'kprobe.session');
    await using bpf = await only('kernel_session');
    await bpf.programs.kernel_session.attach({ functions: ['security_inode_mkdir'] });
    makeTwo();
    expect(bpf.globals.bss.entries).toBe(4n);
  });
});

describe('ksyscall and kretsyscall', () => {
  it('find the function of a system call', async context => {
    need(context, 'kprobe');
    await using bpf = await only('called', 'answered');
    await bpf.programs.called.attach({ syscall: 'getppid' });
    await bpf.programs.answered.attach({ syscall: 'getppid' });
    callGetppid(3);
    const result = BigInt(process.ppid);
    expect(bpf.globals.bss).toMatchObject({ entries: 4n, returns: 4n, result });
  });
});

describe('uprobe.multi', () => {
  it('takes names, with a cookie for each', async context => {
    need(context, 'uprobe.multi');
    await using bpf = await only('user_functions', 'user_returns');
    const functions = ['uv_os_getppid', 'uv_os_gethostname'];
    const { pid } = process;
    const link = await bpf.programs.user_functions.attach({ binary, functions, cookies: [7n, 8n], pid });
    await bpf.programs.user_returns.attach({ binary, pattern: 'uv_os_getppi?' });
    callGetppid(2);
    hostname();
    expect(bpf.globals.bss).toMatchObject({ entries: 3n, cookie: 8n, returns: 2n });
    await link.detach();
  });

  it('on both ends is a session', async context => {
    need(context, 'uprobe.session');
    await using bpf = await only('user_session');
    await bpf.programs.user_session.attach({ binary, functions: ['uv_os_getppid'] });
    callGetppid(5);
    expect(bpf.globals.bss.entries).toBe(10n);
  });
});

describe('fmod_ret', () => {
  it("changes what a function returns, for this test's process only", async context => {
    need(context, 'fmod_ret');
    await using bpf = await only('deny');
    const link = await bpf.programs.deny.attach();
    expect(makeTwo).toThrow(/EPERM/);
    expect(bpf.globals.bss.entries).toBe(1n);
    await link.detach();
    makeTwo();
  });
});

describe('fsession', () => {
  it('runs at both ends', async context => {
    need(context, 'fsession');
    await using bpf = await only('both_ends');
    await bpf.programs.both_ends.attach();
    makeTwo();
    expect(bpf.globals.bss.entries).toBe(4n);
  });
});

describe('an iterator over cgroups', () => {
  it('starts where it is told', async context => {
    need(context, 'iter.cgroup');
    await using cgroup = new Cgroup();
    await using bpf = await only('cgroups');
    const link = await bpf.programs.cgroups.attach({ cgroup: cgroup.path, order: 'self' });
    expect(await link.text()).toBe(`${statSync(cgroup.path).ino}\n`);
  });
});
