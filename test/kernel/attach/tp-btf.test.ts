/** A tracepoint with typed arguments, by section, against a child of this process. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { tpBtf } from '../../bpf/tp_btf.bpf.js';
import { need } from '../../support/need.js';

describe('tp_btf', () => {
  it('sees which program a child executes', async context => {
    need(context, 'tp_btf');
    await using bpf = await tpBtf.load({ rodata: { parent_pid: process.pid } });
    await using link = await bpf.programs.executed.attach();
    const { pid } = spawnSync('/bin/true');
    expect(bpf.globals.bss).toEqual({ executed_pid: pid, executed_path: '/bin/true' });
    await link.detach();
    spawnSync('/bin/echo', { stdio: 'ignore' });
    expect(bpf.globals.bss).toEqual({ executed_pid: pid, executed_path: '/bin/true' });
  });
});
