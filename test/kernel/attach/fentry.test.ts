/** Programs at a function's entry and exit, by section, against what this process asked for and got. */
import { describe, expect, it } from 'vitest';
import { fentry } from '../../bpf/fentry.bpf.js';
import { makeFolder, noSuchFile, openFile, openNothing } from '../../support/file-calls.js';
import { need } from '../../support/need.js';

const settings = { rodata: { target_pid: process.pid } };

describe('fentry', () => {
  it('sees the arguments of a function', async context => {
    need(context, 'fentry');
    const opened = await fentry.open(settings);
    opened.programs.making.setAttachTarget(['no_such_mkdir', 'security_inode_mkdir', 'security_path_mkdir']);
    await using bpf = await opened.load();
    await using link = await bpf.programs.making.attach();
    expect(link.target).toBe('security_inode_mkdir');
    makeFolder('fentry', 0o751);
    expect(bpf.globals.bss).toMatchObject({ made_name: 'fentry', made_mode: 0o751, opens: 0 });
    await link.detach();
    makeFolder('detached', 0o700);
    expect(bpf.globals.bss).toMatchObject({ made_name: 'fentry', made_mode: 0o751 });
  });
});

describe('fexit', () => {
  it('sees the arguments of a function beside its result', async context => {
    need(context, 'fentry');
    await using bpf = await fentry.load(settings);
    await using _link = await bpf.programs.opening.attach();
    const fd = openFile();
    expect(bpf.globals.bss).toMatchObject({ opens: 1, opened: fd });
    const errno = openNothing();
    expect(bpf.globals.bss).toMatchObject({ opens: 2, opened: errno, opened_name: noSuchFile });
  });
});
