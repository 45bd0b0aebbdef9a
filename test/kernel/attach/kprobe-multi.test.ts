/** One probe on many functions, by section, against what this process asked for. */
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kprobeMulti } from '../../bpf/kprobe_multi.bpf.js';
import { need } from '../../support/need.js';

describe('kprobe.multi', () => {
  it('sees every function of its pattern', async context => {
    need(context, 'kprobe.multi');
    const parent = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
    await using bpf = await kprobeMulti.load({ rodata: { target_pid: process.pid } });
    await using link = await bpf.programs.counted.attach();
    mkdirSync(join(parent, 'folder'));
    expect(bpf.globals.bss.calls).toBe(1);
    rmdirSync(join(parent, 'folder'));
    expect(bpf.globals.bss.calls).toBe(2);
    await link.detach();
    rmdirSync(parent);
    expect(bpf.globals.bss.calls).toBe(2);
  });
});
