/** The link contract for kinds of tracing, and links that outlive their process. */
import { readFileSync } from 'node:fs';
import { Link } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { either } from '../../bpf/either.bpf.js';
import { many } from '../../bpf/many.bpf.js';
import { probe } from '../../bpf/probe.bpf.js';
import { sampled } from '../../bpf/sampled.bpf.js';
import { traced } from '../../bpf/traced.bpf.js';
import { user } from '../../bpf/user.bpf.js';
import { BpfFileSystem } from '../../support/bpffs.js';
import { runScript } from '../../support/child.js';
import { fdInfo } from '../../support/descriptors.js';
import { callGetppid, getppid, watchGetppid } from '../../support/getppid.js';
import { linkContract } from '../../support/link-contract.js';
import { need } from '../../support/need.js';

/** Calls getppid(2), or does something else, and tells whether a counter moved. */
function moves(counter: () => bigint, act = () => callGetppid(1)): () => boolean {
  return () => {
    const before = counter();
    act();
    return counter() > before;
  };
}

/** Of kinds that few kernels have all of. */
const loadedOnly = (name: 'called' | 'kernel_functions' | 'user_functions') =>
  many.load({ rodata: { target_pid: process.pid } }, { alternatives: [[name]] });

describe('the link contract', () => {
  it('holds for a raw tracepoint', async () => {
    await using bpf = await traced.load(watchGetppid);
    const { raw } = bpf.programs;
    const link = await raw.attach({ name: 'sys_enter' });
    expect(link.info).toMatchObject({ type: 'raw_tracepoint', name: 'sys_enter' });
    const works = moves(() => bpf.globals.bss.by_raw);
    await linkContract({ link, type: 'raw_tracepoint', programId: fdInfo(raw.fd, 'prog_id'), works });
  });

  it('holds for a tracepoint with types', async () => {
    await using bpf = await traced.load(watchGetppid);
    const { typed } = bpf.programs;
    const link = await typed.attach();
    const works = moves(() => bpf.globals.bss.by_btf);
    // The kernel attaches tp_btf as a raw tracepoint.
    await linkContract({ link, type: 'raw_tracepoint', programId: fdInfo(typed.fd, 'prog_id'), works });
  });

  it('holds for a tracepoint of tracefs', async context => {
    need(context, 'perf_event.link');
    await using bpf = await traced.load(watchGetppid);
    const { plain } = bpf.programs;
    const link = await plain.attach({ category: 'syscalls', name: 'sys_enter_getppid' });
    const works = moves(() => bpf.globals.bss.by_tracepoint);
    await linkContract({ link, type: 'perf_event', programId: fdInfo(plain.fd, 'prog_id'), works });
  });

  it('holds for a uprobe', async context => {
    need(context, 'perf_event.link');
    await using bpf = await user.load();
    const { called } = bpf.programs;
    const link = await called.attach({
      binary: process.execPath,
      function: 'uv_os_getppid',
      pid: process.pid,
    });
    const works = moves(() => bpf.globals.bss.calls);
    await linkContract({ link, type: 'perf_event', programId: fdInfo(called.fd, 'prog_id'), works });
  });

  it('holds for a perf event', async context => {
    need(context, 'perf_event.link');
    await using bpf = await sampled.load({ rodata: { target_pid: process.pid } });
    const { sample } = bpf.programs;
    const link = await sample.attach({ event: 'page-faults', period: 1, pid: process.pid });
    const works = () => {
      const before = bpf.globals.bss.samples;
      Buffer.alloc(16 << 20, 1);
      return bpf.globals.bss.samples > before;
    };
    await linkContract({ link, type: 'perf_event', programId: fdInfo(sample.fd, 'prog_id'), works });
  });

  it('holds for a kprobe', async context => {
    need(context, 'kprobe');
    need(context, 'perf_event.link');
    await using bpf = await loadedOnly('called');
    const { called } = bpf.programs;
    const link = await called.attach({ syscall: 'getppid' });
    const works = moves(() => bpf.globals.bss.entries);
    await linkContract({ link, type: 'perf_event', programId: fdInfo(called.fd, 'prog_id'), works });
  });

  it('holds for many kprobes', async context => {
    need(context, 'kprobe.multi');
    await using bpf = await loadedOnly('kernel_functions');
    const { kernel_functions } = bpf.programs;
    const functions = ['__x64_sys_getppid', '__x64_sys_getpgid'];
    const link = await kernel_functions.attach({ functions, cookies: [5n, 6n] });
    const works = moves(() => bpf.globals.bss.entries);
    const programId = fdInfo(kernel_functions.fd, 'prog_id');
    await linkContract({ link, type: 'kprobe_multi', number: 8, programId, works });
  });

  it('holds for many uprobes', async context => {
    need(context, 'uprobe.multi');
    await using bpf = await loadedOnly('user_functions');
    const { user_functions } = bpf.programs;
    const { execPath: binary, pid } = process;
    const link = await user_functions.attach({ binary, functions: ['uv_os_getppid'], cookies: [9n], pid });
    const works = moves(() => bpf.globals.bss.entries);
    const programId = fdInfo(user_functions.fd, 'prog_id');
    await linkContract({ link, type: 'uprobe_multi', number: 12, programId, works });
  });

  it('holds for a trampoline', async context => {
    need(context, 'fentry');
    await using bpf = await either.load(
      { rodata: { target_pid: process.pid } },
      { alternatives: [['by_entry']] },
    );
    const { by_entry } = bpf.programs;
    const link = await by_entry.attach();
    const works = moves(
      () => bpf.globals.bss.hits,
      () => void readFileSync('/dev/null'),
    );
    await linkContract({ link, type: 'tracing', programId: fdInfo(by_entry.fd, 'prog_id'), works });
  });

  it('holds for an iterator', async () => {
    await using bpf = await sampled.load();
    const { tasks } = bpf.programs;
    const link = await tasks.attach();
    expect(link.info).toMatchObject({ target: 'task' });
    const works = async () => !link.closed && (await link.text()).includes(`${process.pid} `);
    await linkContract({ link, type: 'iter', programId: fdInfo(tasks.fd, 'prog_id'), works });
  });
});

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
    need(context, 'uprobe.multi');
    need(context, 'uprobe_multi.info');
    await using bpf = await loadedOnly('user_functions');
    const { execPath: binary, pid } = process;
    const functions = ['uv_os_getppid', 'uv_os_gethostname'];
    const link = await bpf.programs.user_functions.attach({ binary, functions, cookies: [7n, 8n], pid });
    expect(link.info).toMatchObject({ type: 'uprobe_multi', path: binary, cookies: [7n, 8n], pid });
  });
});

describe('a pinned link', () => {
  it('goes on after kill -9, until it is detached', async () => {
    using files = new BpfFileSystem();
    const path = `${files.path}/link`;
    const object = new URL('../../bpf/probe.bpf.o', import.meta.url).pathname;
    const { signal } = await runScript(`
      import { load } from 'libbpf-ts';
      const globals = { rodata: { target_pid: ${process.pid}, watched: ${getppid}n } };
      const bpf = await load(${JSON.stringify(object)}, { globals });
      const link = await bpf.programs.entered.attach();
      await link.pin(${JSON.stringify(path)});
      process.kill(process.pid, 'SIGKILL');
    `);
    expect(signal).toBe('SIGKILL');
    const link = await Link.openPinned(path);
    expect(link.info).toMatchObject({ type: 'raw_tracepoint', name: 'sys_enter' });
    await link.detach();
    await expect(Link.openPinned(path)).rejects.toMatchObject({ code: 'ENOENT' });
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
