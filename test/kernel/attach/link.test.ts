/** What links tell of themselves, and links that outlive their process. */
import { readFileSync } from 'node:fs';
import { openLink } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { many } from '../../bpf/many.bpf.js';
import { probe } from '../../bpf/probe.bpf.js';
import { traced } from '../../bpf/traced.bpf.js';
import { user } from '../../bpf/user.bpf.js';
import { BpfFileSystem } from '../../support/bpffs.js';
import { runScript } from '../../support/child.js';
import { getppid, watchGetppid } from '../../support/getppid.js';
import { need } from '../../support/need.js';

/** Of kinds that few kernels have all of. */
const loadedOnly = (name: 'kernel_functions' | 'user_functions') =>
  many.load({ rodata: { target_pid: process.pid } }, { alternatives: [[name]] });

describe('what a link counts', () => {
  it('is told of user functions and tracepoints', async context => {
    need(context, 'perf_event.info');
    await using bpf = await user.load();
    const { pid, execPath: binary } = process;
    const called = await bpf.programs.called.attach({ binary, function: 'uv_os_getppid', pid, cookie: 3n });
    expect(called.info).toMatchObject({ event: { type: 'uprobe', path: binary, cookie: 3n } });
    await using others = await traced.load(watchGetppid);
    const plain = await others.programs.plain.attach({ category: 'syscalls', name: 'sys_enter_getppid' });
    expect(plain.info).toMatchObject({ event: { type: 'tracepoint', name: 'sys_enter_getppid' } });
  });
});

describe('what many probes are', () => {
  it('is told of functions of the kernel, with their cookies and what was missed', async context => {
    need(context, 'kprobe.multi');
    need(context, 'perf_event.info');
    await using bpf = await loadedOnly('kernel_functions');
    const functions = ['security_inode_mkdir', 'security_inode_rmdir'];
    const link = await bpf.programs.kernel_functions.attach({ functions, cookies: [5n, 6n] });
    const symbols = readFileSync('/proc/kallsyms', 'utf8');
    const addresses = functions.map(name => {
      const [, address = ''] = symbols.match(new RegExp(`^([0-9a-f]+) . ${name}$`, 'm')) ?? [];
      return BigInt(`0x${address}`);
    });
    const pairs = addresses.map((address, index) => ({ address, cookie: [5n, 6n][index] }));
    const sorted = pairs.sort((a, b) => (a.address < b.address ? -1 : 1));
    expect(link.info).toMatchObject({
      type: 'kprobe_multi',
      addresses: sorted.map(({ address }) => address),
      cookies: sorted.map(({ cookie }) => cookie),
      missed: 0n,
    });
  });

  it('is told of functions of a program', async context => {
    need(context, 'uprobe_multi.info');
    await using bpf = await loadedOnly('user_functions');
    const { execPath: binary, pid } = process;
    const functions = ['uv_os_getppid', 'uv_os_gethostname'];
    const link = await bpf.programs.user_functions.attach({ binary, functions, cookies: [7n, 8n], pid });
    expect(link.info).toMatchObject({
      type: 'uprobe_multi',
      path: binary,
      cookies: [7n, 8n],
      pid,
      isReturn: false,
    });
  });
});

describe('a pinned link', () => {
  it('of a perf event goes on when its handle closes', async context => {
    need(context, 'perf_event.link');
    using files = new BpfFileSystem();
    const path = `${files.path}/link`;
    const object = new URL('../../bpf/user.bpf.o', import.meta.url).pathname;
    const { stdout, stderr } = await runScript(`
      import { load, openLink } from 'libbpf-ts';
      const bpf = await load(${JSON.stringify(object)});
      const { execPath: binary, pid } = process;
      const link = await bpf.programs.called.attach({ binary, function: 'uv_os_getppid', pid });
      await link.pin(${JSON.stringify(path)});
      await link.close();
      for (let call = 0; call < 3; call++) void process.ppid;
      console.log(bpf.globals.bss.calls);
      await (await openLink(${JSON.stringify(path)})).detach();
      for (let call = 0; call < 3; call++) void process.ppid;
      console.log(bpf.globals.bss.calls);
    `);
    expect({ stdout, stderr }).toEqual({ stdout: '3n\n3n\n', stderr: '' });
  });

  it('goes on after kill -9, until it is detached', async () => {
    using files = new BpfFileSystem();
    const path = `${files.path}/link`;
    const object = new URL('../../bpf/probe.bpf.o', import.meta.url).pathname;
    const { signal } = await runScript(`
      import { load } from 'libbpf-ts';
      const globals = { rodata: { target_pid: ${process.pid}, watched: ${getppid}n } };
      const bpf = await load(${JSON.stringify(object)}, globals);
      const link = await bpf.programs.entered.attach();
      await link.pin(${JSON.stringify(path)});
      process.kill(process.pid, 'SIGKILL');
    `);
    expect(signal).toBe('SIGKILL');
    const link = await openLink(path);
    expect(link.info).toMatchObject({ type: 'raw_tracepoint', name: 'sys_enter' });
    await link.detach();
    await expect(openLink(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('updating', () => {
  it('says which kinds cannot', async () => {
    await using bpf = await probe.load(watchGetppid);
    const link = await bpf.programs.entered.attach();
    await expect(link.update(bpf.programs.entered)).rejects.toThrow(
      /^update link of entered to entered: EINVAL, a link of kind raw_tracepoint keeps its program \(/,
    );
  });
});
