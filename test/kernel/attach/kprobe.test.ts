/** Probes on the kernel's functions, by section, against what this process asked for and got. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kprobe } from '../../bpf/kprobe.bpf.js';
import { makeFolder, openFile, openNothing } from '../../support/file-calls.js';
import { need } from '../../support/need.js';

const settings = { rodata: { target_pid: process.pid } };

describe('a kprobe', () => {
  it('sees the arguments of a function', async context => {
    need(context, 'kprobe');
    await using bpf = await kprobe.load(settings);
    await using _link = await bpf.programs.making.attach();
    makeFolder('kprobe', 0o751);
    expect(bpf.globals.bss).toMatchObject({ made_name: 'kprobe', made_mode: 0o751, opens: 0 });
  });

  it('sees nothing once it is detached', async context => {
    need(context, 'kprobe');
    await using bpf = await kprobe.load(settings);
    const link = await bpf.programs.making.attach();
    await link.detach();
    makeFolder('detached', 0o700);
    expect(bpf.globals.bss).toMatchObject({ made_name: '', made_mode: 0 });
  });
});

describe('several names of one function', () => {
  it('are tried until the kernel has one, and the report says which', async context => {
    need(context, 'kprobe');
    await using bpf = await kprobe.load(settings);
    const making = { function: ['no_such_mkdir', 'security_inode_mkdir', 'security_path_mkdir'] };
    const { links } = await bpf.attach({ options: { making } });
    expect(links.making?.target).toBe('security_inode_mkdir');
    expect(links.opening?.target).toBe('do_sys_openat2');
    makeFolder('named', 0o700);
    expect(bpf.globals.bss.made_name).toBe('named');
    await expect(bpf.attach({ options: { made: {} } as object })).rejects.toThrow(
      /^attach kprobe: ERR_BPF_ARGUMENT, the options name made, which is no program of it; there are making, opening$/,
    );
  });
});

describe('a hundred kprobes', () => {
  it('come and go while timers run', async context => {
    need(context, 'kprobe');
    await using bpf = await kprobe.load();
    const symbols = readFileSync('/proc/kallsyms', 'utf8').matchAll(/ T (security_\w+)$/gm);
    const functions = Array.from(symbols, ([, name = '']) => name).slice(0, 100);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const links = await Promise.all(functions.map(name => bpf.programs.making.attach({ function: name })));
    const attached = ticks;
    await Promise.all(links.map(link => link.close()));
    clearInterval(timer);
    expect(links).toHaveLength(100);
    expect(attached).toBeGreaterThan(10);
    expect(ticks).toBeGreaterThan(attached);
  });
});

describe('a kretprobe', () => {
  it('sees what a function returns', async context => {
    need(context, 'kprobe');
    await using bpf = await kprobe.load(settings);
    await using _link = await bpf.programs.opening.attach();
    const fd = openFile();
    expect(bpf.globals.bss).toMatchObject({ opens: 1, opened: fd });
    const errno = openNothing();
    expect(bpf.globals.bss).toMatchObject({ opens: 2, opened: errno });
  });
});

describe('an object with both', () => {
  it('attaches as its sections say', async context => {
    need(context, 'kprobe');
    await using bpf = await kprobe.load(settings);
    const { links, skipped } = await bpf.attach();
    expect({ links: Object.keys(links), skipped }).toEqual({ links: ['making', 'opening'], skipped: [] });
    makeFolder('both', 0o700);
    openFile();
    expect(bpf.globals.bss).toMatchObject({ made_name: 'both', opens: 1 });
  });
});
